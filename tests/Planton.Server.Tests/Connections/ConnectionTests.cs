using Microsoft.EntityFrameworkCore;
using Planton.Api.Connections;
using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Connections;

public abstract class ConnectionTests(SharedServer shared) : SharedServerTest(shared)
{
    [Fact]
    public async Task AConnectionIsMadeReadListedAndDeleted()
    {
        await Admin.RegisterRunnerAsync(Org, "prod", Cancellation);
        var made = await Admin.CreateConnectionAsync(
            Org,
            new CreateConnectionRequest { Name = "eks", Kind = "kubernetes", Runner = "prod", Kubernetes = new KubernetesTarget { Context = "arn:aws:eks" } },
            Cancellation);
        Assert.Equal(("eks", Org, "kubernetes", "runner", "prod"), (made.Name, made.Organization, made.Kind, made.AuthMode, made.Runner));
        Assert.Equal("arn:aws:eks", made.Kubernetes!.Context);
        Assert.Equivalent(made, await Admin.GetConnectionAsync(Org, "eks", Cancellation), strict: true);
        await Admin.CreateConnectionAsync(Org, new CreateConnectionRequest { Name = "aks", Kind = "kubernetes", AuthMode = "runner" }, Cancellation);
        var list = await Admin.ListConnectionsAsync(Org, Cancellation);
        Assert.Equal([("aks", null), ("eks", "prod")], list.Items.Select(connection => (connection.Name, connection.Runner)));
        await Admin.DeleteConnectionAsync(Org, "eks", Cancellation);
        await Expect.ProblemAsync(ErrorCode.ConnectionNotFound, () => Admin.GetConnectionAsync(Org, "eks", Cancellation));
        await Expect.ProblemAsync(ErrorCode.ConnectionNotFound, () => Admin.DeleteConnectionAsync(Org, "eks", Cancellation));
    }

    [Fact]
    public async Task EveryFaultOfARequestIsToldAtOnce()
    {
        var problem = await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => Admin.CreateConnectionAsync(
            Org,
            new CreateConnectionRequest
            {
                Name = "EKS", Kind = "vsphere", AuthMode = "magic", Runner = "No Slug", Kubernetes = new KubernetesTarget { Context = "a\r\nb" },
            },
            Cancellation));
        Assert.Equal(["authMode", "kind", "kubernetes.context", "name", "runner"], problem.Errors!.Keys.Order());
        Assert.All(problem.Errors.Keys, field => Assert.Contains(field + ":", problem.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task WithoutAnythingTheMissingFieldsAreNamed()
    {
        var problem = await Expect.ProblemAsync(
            ErrorCode.InvalidArgument, () => Admin.CreateConnectionAsync(Org, new CreateConnectionRequest(), Cancellation));
        Assert.Equal(["kind", "name"], problem.Errors!.Keys.Order());
    }

    [Fact]
    public async Task AnUnknownRunnerIs404WithNearMisses_AndNothingIsMade()
    {
        await Admin.RegisterRunnerAsync(Org, "prod", Cancellation);
        var problem = await Expect.ProblemAsync(ErrorCode.RunnerNotFound, () => Admin.CreateConnectionAsync(
            Org, new CreateConnectionRequest { Name = "eks", Kind = "kubernetes", Runner = "prid" }, Cancellation));
        Assert.Contains("Did you mean prod?", problem.Hint, StringComparison.Ordinal);
        Assert.Empty((await Admin.ListConnectionsAsync(Org, Cancellation)).Items);
    }

    [Fact]
    public async Task ARunnerOfAnotherOrganizationCannotBeNamed()
    {
        var (acme, _) = await NewOrganizationAsync("acme");
        await Admin.RegisterRunnerAsync(acme, "prod", Cancellation);
        var problem = await Expect.ProblemAsync(ErrorCode.RunnerNotFound, () => Admin.CreateConnectionAsync(
            Org, new CreateConnectionRequest { Name = "eks", Kind = "kubernetes", Runner = "prod" }, Cancellation));
        Assert.DoesNotContain("Did you mean", problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANameIsTakenOnceInAnOrganization()
    {
        var (acme, _) = await NewOrganizationAsync("acme");
        var request = new CreateConnectionRequest { Name = "eks", Kind = "kubernetes" };
        await Admin.CreateConnectionAsync(Org, request, Cancellation);
        await Admin.CreateConnectionAsync(acme, request, Cancellation);
        await Expect.ProblemAsync(ErrorCode.AlreadyExists, () => Admin.CreateConnectionAsync(Org, request, Cancellation));
    }

    [Fact]
    public async Task AnUnknownConnectionIs404WithTheNameThePlaceAndNearMisses()
    {
        await Admin.CreateConnectionAsync(Org, new CreateConnectionRequest { Name = "eks-prod", Kind = "kubernetes" }, Cancellation);
        var problem = await Expect.ProblemAsync(ErrorCode.ConnectionNotFound, () => Admin.TestConnectionAsync(Org, "eks", Cancellation));
        Assert.Contains($"organization \"{Org}\" has no connection \"eks\"", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("Did you mean eks-prod?", problem.Hint, StringComparison.Ordinal);
        Assert.Contains($"planton connection list --org {Org}", problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATestIsRecordedBeforeItIsSent()
    {
        await Admin.RegisterRunnerAsync(Org, "prod", Cancellation);
        await Admin.CreateConnectionAsync(Org, new CreateConnectionRequest { Name = "eks", Kind = "kubernetes", Runner = "prod" }, Cancellation);
        var recorded = 0;
        Server.Tester.Test = async operation =>
        {
            Assert.Equal("eks", operation.Connection.Name);
            var operationId = operation.Id;
            recorded = await Server.QueryAsync(context => context.AuditRecords.CountAsync(
                record => record.Action == AuditAction.TestConnection && record.OperationId == operationId, Cancellation));
            return [new ConnectionTestStage(ConnectionTestStageName.Tunnel, false, 1, "cut", ErrorCode.RunnerLost)];
        };
        var test = await Admin.TestConnectionAsync(Org, "eks", Cancellation);
        Assert.Equal(1, recorded);
        Assert.False(test.Ok);
        Assert.Equal(
            [(ConnectionTestStageName.ControlPlane, true, null), (ConnectionTestStageName.Tunnel, false, ErrorCode.RunnerLost)],
            test.Stages.Select(stage => (stage.Name, stage.Ok, stage.Code)));
    }

    [Theory]
    [InlineData(RoleName.Viewer, false, false)]
    [InlineData(RoleName.Member, true, false)]
    [InlineData(RoleName.Admin, true, true)]
    public async Task TestingTakesAMemberAndChangingAnAdmin(string role, bool mayTest, bool mayChange)
    {
        await Admin.CreateConnectionAsync(Org, new CreateConnectionRequest { Name = "eks", Kind = "kubernetes" }, Cancellation);
        var kim = Server.Client(await AddUserAsync(role));
        Assert.Single((await kim.ListConnectionsAsync(Org, Cancellation)).Items);
        await ExpectAsync(mayTest, () => kim.TestConnectionAsync(Org, "eks", Cancellation));
        await ExpectAsync(mayChange, () => kim.CreateConnectionAsync(Org, new CreateConnectionRequest { Name = "aks", Kind = "kubernetes" }, Cancellation));
        await ExpectAsync(mayChange, () => kim.DeleteConnectionAsync(Org, "eks", Cancellation));

        static Task ExpectAsync(bool allowed, Func<Task> call) =>
            allowed ? call() : Expect.ProblemAsync(ErrorCode.PermissionDenied, call);
    }
}

public sealed class ConnectionTestsOnSqlite(OnSqlite shared) : ConnectionTests(shared), IClassFixture<OnSqlite>;

public sealed class ConnectionTestsOnPostgreSql(OnPostgreSql shared) : ConnectionTests(shared), IClassFixture<OnPostgreSql>;
