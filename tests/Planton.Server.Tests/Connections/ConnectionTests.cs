using Microsoft.EntityFrameworkCore;
using Planton.Api.Connections;
using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Connections;

public sealed class ConnectionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AConnectionIsMadeReadListedAndDeleted()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.Admin.RegisterRunnerAsync("default", "prod", Cancellation);
        var made = await server.Admin.CreateConnectionAsync(
            "default",
            new CreateConnectionRequest { Name = "eks", Kind = "kubernetes", Runner = "prod", Kubernetes = new KubernetesTarget { Context = "arn:aws:eks" } },
            Cancellation);
        Assert.Equal(("eks", "default", "kubernetes", "runner", "prod"), (made.Name, made.Organization, made.Kind, made.AuthMode, made.Runner));
        Assert.Equal("arn:aws:eks", made.Kubernetes!.Context);
        Assert.Equivalent(made, await server.Admin.GetConnectionAsync("default", "eks", Cancellation), strict: true);
        await server.Admin.CreateConnectionAsync("default", new CreateConnectionRequest { Name = "aks", Kind = "kubernetes", AuthMode = "runner" }, Cancellation);
        var list = await server.Admin.ListConnectionsAsync("default", Cancellation);
        Assert.Equal([("aks", null), ("eks", "prod")], list.Items.Select(connection => (connection.Name, connection.Runner)));
        await server.Admin.DeleteConnectionAsync("default", "eks", Cancellation);
        await Expect.ProblemAsync(ErrorCode.ConnectionNotFound, () => server.Admin.GetConnectionAsync("default", "eks", Cancellation));
        await Expect.ProblemAsync(ErrorCode.ConnectionNotFound, () => server.Admin.DeleteConnectionAsync("default", "eks", Cancellation));
    }

    [Fact]
    public async Task EveryFaultOfARequestIsToldAtOnce()
    {
        await using var server = await ServerFixture.StartAsync();
        var problem = await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => server.Admin.CreateConnectionAsync(
            "default",
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
        await using var server = await ServerFixture.StartAsync();
        var problem = await Expect.ProblemAsync(
            ErrorCode.InvalidArgument, () => server.Admin.CreateConnectionAsync("default", new CreateConnectionRequest(), Cancellation));
        Assert.Equal(["kind", "name"], problem.Errors!.Keys.Order());
    }

    [Fact]
    public async Task AnUnknownRunnerIs404WithNearMisses_AndNothingIsMade()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.Admin.RegisterRunnerAsync("default", "prod", Cancellation);
        var problem = await Expect.ProblemAsync(ErrorCode.RunnerNotFound, () => server.Admin.CreateConnectionAsync(
            "default", new CreateConnectionRequest { Name = "eks", Kind = "kubernetes", Runner = "prid" }, Cancellation));
        Assert.Contains("Did you mean prod?", problem.Hint, StringComparison.Ordinal);
        Assert.Empty((await server.Admin.ListConnectionsAsync("default", Cancellation)).Items);
    }

    [Fact]
    public async Task ARunnerOfAnotherOrganizationCannotBeNamed()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.Admin.CreateOrganizationAsync("acme", Cancellation);
        await server.Admin.RegisterRunnerAsync("acme", "prod", Cancellation);
        var problem = await Expect.ProblemAsync(ErrorCode.RunnerNotFound, () => server.Admin.CreateConnectionAsync(
            "default", new CreateConnectionRequest { Name = "eks", Kind = "kubernetes", Runner = "prod" }, Cancellation));
        Assert.DoesNotContain("Did you mean", problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANameIsTakenOnceInAnOrganization()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.Admin.CreateOrganizationAsync("acme", Cancellation);
        var request = new CreateConnectionRequest { Name = "eks", Kind = "kubernetes" };
        await server.Admin.CreateConnectionAsync("default", request, Cancellation);
        await server.Admin.CreateConnectionAsync("acme", request, Cancellation);
        await Expect.ProblemAsync(ErrorCode.AlreadyExists, () => server.Admin.CreateConnectionAsync("default", request, Cancellation));
    }

    [Fact]
    public async Task AnUnknownConnectionIs404WithTheNameThePlaceAndNearMisses()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.Admin.CreateConnectionAsync("default", new CreateConnectionRequest { Name = "eks-prod", Kind = "kubernetes" }, Cancellation);
        var problem = await Expect.ProblemAsync(ErrorCode.ConnectionNotFound, () => server.Admin.TestConnectionAsync("default", "eks", Cancellation));
        Assert.Contains("organization \"default\" has no connection \"eks\"", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("Did you mean eks-prod?", problem.Hint, StringComparison.Ordinal);
        Assert.Contains("planton connection list --org default", problem.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATestIsRecordedBeforeItIsSent()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.Admin.RegisterRunnerAsync("default", "prod", Cancellation);
        await server.Admin.CreateConnectionAsync("default", new CreateConnectionRequest { Name = "eks", Kind = "kubernetes", Runner = "prod" }, Cancellation);
        var recorded = 0;
        server.Tester.Test = async operation =>
        {
            Assert.Equal("eks", operation.Connection.Name);
            var operationId = operation.Id;
            recorded = await server.QueryAsync(context => context.AuditRecords.CountAsync(
                record => record.Action == AuditAction.TestConnection && record.OperationId == operationId, Cancellation));
            return [new ConnectionTestStage(ConnectionTestStageName.Tunnel, false, 1, "cut", ErrorCode.RunnerLost)];
        };
        var test = await server.Admin.TestConnectionAsync("default", "eks", Cancellation);
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
        await using var server = await ServerFixture.StartAsync();
        await server.Admin.CreateConnectionAsync("default", new CreateConnectionRequest { Name = "eks", Kind = "kubernetes" }, Cancellation);
        var kim = server.Client(await server.AddUserAsync("kim", await server.DefaultOrganizationIdAsync(), role));
        Assert.Single((await kim.ListConnectionsAsync("default", Cancellation)).Items);
        await ExpectAsync(mayTest, () => kim.TestConnectionAsync("default", "eks", Cancellation));
        await ExpectAsync(mayChange, () => kim.CreateConnectionAsync("default", new CreateConnectionRequest { Name = "aks", Kind = "kubernetes" }, Cancellation));
        await ExpectAsync(mayChange, () => kim.DeleteConnectionAsync("default", "eks", Cancellation));

        static Task ExpectAsync(bool allowed, Func<Task> call) =>
            allowed ? call() : Expect.ProblemAsync(ErrorCode.PermissionDenied, call);
    }
}
