using Microsoft.AspNetCore.Http;
using Planton.Api.Connections;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Server.Audit;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Routing;

namespace Planton.Server.Tests.Connections;

public abstract class ConnectionEnvironmentTests(SharedServer shared) : RoutedTest(shared)
{
    private readonly List<string> _environments = [];

    [Fact]
    public async Task AConnectionForSomeEnvironments_IsUsedInTheseAlone_AndEachRefusalIsRecorded()
    {
        await ArrangeAsync("staging", "qa", "prod");
        var set = await Admin.SetConnectionEnvironmentsAsync(Org, "cluster", ["staging", "qa", "staging"], Cancellation);

        Assert.Equal(["qa", "staging"], set.Environments);
        Assert.Equal(200, await StatusAsync("cluster@staging"));
        Assert.Equal(200, await StatusAsync("cluster%40qa"));
        var (status, other) = await RefusalAsync("cluster@prod", ErrorCode.PermissionDenied);
        Assert.Equal(403, status);
        Assert.Contains("connection \"cluster\" may be used in environments \"qa\", \"staging\" only, and this request is for environment \"prod\"", other, StringComparison.Ordinal);
        Assert.Contains("planton connection set-environments cluster", other, StringComparison.Ordinal);
        var (_, none) = await RefusalAsync("cluster", ErrorCode.PermissionDenied);
        Assert.Contains("for no environment", none, StringComparison.Ordinal);
        Assert.Equal(["staging", "qa"], _environments);
        var audit = await AuditAsync();
        Assert.Equal(
            [
                ("environment/staging/connection/cluster GET /api", AuditOutcome.Allowed), ("environment/qa/connection/cluster GET /api", AuditOutcome.Allowed),
                ("environment/prod/connection/cluster GET /api", AuditOutcome.Denied), ("connection/cluster GET /api", AuditOutcome.Denied),
            ],
            audit.Select(record => (record.Resource, record.Outcome)));
    }

    [Fact]
    public async Task AChangeGoesForTheNextRequest_AndAnEmptyListIsForAll()
    {
        await ArrangeAsync("staging", "prod");
        Assert.Equal(200, await StatusAsync("cluster"));
        Assert.Equal(200, await StatusAsync("cluster@prod"));

        await Admin.SetConnectionEnvironmentsAsync(Org, "cluster", ["staging"], Cancellation);
        Assert.Equal((403, 403, 200), (await StatusAsync("cluster"), await StatusAsync("cluster@prod"), await StatusAsync("cluster@staging")));

        await Admin.SetConnectionEnvironmentsAsync(Org, "cluster", [], Cancellation);
        Assert.Equal((200, 200), (await StatusAsync("cluster"), await StatusAsync("cluster@prod")));
        Assert.Equal(["", "prod", "staging", "", "prod"], _environments);
    }

    [Fact]
    public async Task AnUnknownEnvironment_Is404WithNearMisses_WhereverItIsNamed()
    {
        await ArrangeAsync("staging");

        var (status, message) = await RefusalAsync("cluster@stagin", ErrorCode.NotFound);
        Assert.Equal(404, status);
        Assert.Contains("has no environment \"stagin\"", message, StringComparison.Ordinal);
        Assert.Contains("Did you mean staging?", message, StringComparison.Ordinal);
        await RefusalAsync("cluster@", ErrorCode.NotFound);
        await RefusalAsync("cluster@staging@staging", ErrorCode.NotFound);
        await RefusalAsync("@staging", ErrorCode.ConnectionNotFound);
        var problem = await Expect.ProblemAsync(ErrorCode.NotFound, () => Admin.SetConnectionEnvironmentsAsync(Org, "cluster", ["stagin"], Cancellation));
        Assert.Contains("Did you mean staging?", problem.Hint, StringComparison.Ordinal);
        await Expect.ProblemAsync(ErrorCode.NotFound, () => Admin.TestConnectionAsync(Org, "cluster", "stagin", Cancellation));
        await Expect.ProblemAsync(ErrorCode.NotFound, () => Admin.CreateConnectionAsync(
            Org, new CreateConnectionRequest { Name = "two", Kind = "kubernetes", Environments = ["stagin"] }, Cancellation));
        await Expect.ProblemAsync(ErrorCode.ConnectionNotFound, () => Admin.SetConnectionEnvironmentsAsync(Org, "clustr", ["staging"], Cancellation));
        await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => Admin.SetConnectionEnvironmentsAsync(Org, "cluster", ["No Slug"], Cancellation));
        Assert.Equal(["cluster"], (await Admin.ListConnectionsAsync(Org, Cancellation)).Items.Select(connection => connection.Name));
    }

    [Fact]
    public async Task AnEnvironmentOfAnotherOrganization_IsNone()
    {
        await ArrangeAsync();
        var (acme, _) = await NewOrganizationAsync("acme");
        await Admin.CreateEnvironmentAsync(acme, "staging", Cancellation);

        var (_, message) = await RefusalAsync("cluster@staging", ErrorCode.NotFound);
        Assert.DoesNotContain("Did you mean", message, StringComparison.Ordinal);
        await Expect.ProblemAsync(ErrorCode.NotFound, () => Admin.SetConnectionEnvironmentsAsync(Org, "cluster", ["staging"], Cancellation));
    }

    [Fact]
    public async Task AConnectionIsMadeForEnvironments_WhichThenCannotBeDeleted()
    {
        await ArrangeAsync("staging");
        var made = await Admin.CreateConnectionAsync(
            Org, new CreateConnectionRequest { Name = "two", Kind = "kubernetes", Runner = "prod", Environments = ["staging"] }, Cancellation);

        Assert.Equal(["staging"], made.Environments);
        Assert.Equivalent(made, await Admin.GetConnectionAsync(Org, "two", Cancellation), strict: true);
        Assert.Equal(403, await StatusAsync("two"));
        await Expect.ProblemAsync(ErrorCode.Conflict, () => Admin.DeleteEnvironmentAsync(Org, "staging", Cancellation));
        await Admin.DeleteConnectionAsync(Org, "two", Cancellation);
        await Admin.DeleteEnvironmentAsync(Org, "staging", Cancellation);
    }

    [Fact]
    public async Task ATestInTheWrongEnvironment_FailsAtTheControlPlane_AndIsRecorded()
    {
        await ArrangeAsync("staging");
        await Admin.SetConnectionEnvironmentsAsync(Org, "cluster", ["staging"], Cancellation);

        var denied = await Admin.TestConnectionAsync(Org, "cluster", Cancellation);
        var allowed = await Admin.TestConnectionAsync(Org, "cluster", "staging", Cancellation);

        var stage = Assert.Single(denied.Stages);
        Assert.Equal((ConnectionTestStageName.ControlPlane, false, ErrorCode.PermissionDenied), (stage.Name, stage.Ok, stage.Code));
        Assert.True(allowed.Ok, allowed.Stages[^1].Detail);
    }

    private async Task ArrangeAsync(params string[] environments)
    {
        foreach (var environment in environments)
            await Admin.CreateEnvironmentAsync(Org, environment, Cancellation);
        await ConnectAsync(context =>
        {
            lock (_environments)
                _environments.Add(context.Request.Headers[OperationHeaders.Environment].ToString());
            return context.Response.WriteAsync("{}");
        });
    }

    private async Task<int> StatusAsync(string connection)
    {
        using var response = await GetAsync("/api", connection: connection);
        return (int)response.StatusCode;
    }

    private async Task<(int Status, string Message)> RefusalAsync(string connection, string code)
    {
        using var response = await GetAsync("/api", connection: connection);
        return ((int)response.StatusCode, await MessageAsync(response, code));
    }
}

public sealed class ConnectionEnvironmentTestsOnSqlite(RoutingOnSqlite shared) : ConnectionEnvironmentTests(shared), IClassFixture<RoutingOnSqlite>;

public sealed class ConnectionEnvironmentTestsOnPostgreSql(RoutingOnPostgreSql shared) : ConnectionEnvironmentTests(shared), IClassFixture<RoutingOnPostgreSql>;
