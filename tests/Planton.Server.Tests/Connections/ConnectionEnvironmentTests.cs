using Microsoft.AspNetCore.Http;
using Planton.Api.Connections;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Server.Audit;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Kubernetes;

namespace Planton.Server.Tests.Connections;

public sealed class ConnectionEnvironmentTests : KubernetesProxyTest
{
    private readonly List<string> _environments = [];

    [Fact]
    public async Task AConnectionForSomeEnvironments_IsUsedInTheseAlone_AndEachRefusalIsRecorded()
    {
        await ArrangeAsync("staging", "qa", "prod");
        var set = await Server.Admin.SetConnectionEnvironmentsAsync("default", "cluster", ["staging", "qa", "staging"], Cancelled);

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

        await Server.Admin.SetConnectionEnvironmentsAsync("default", "cluster", ["staging"], Cancelled);
        Assert.Equal((403, 403, 200), (await StatusAsync("cluster"), await StatusAsync("cluster@prod"), await StatusAsync("cluster@staging")));

        await Server.Admin.SetConnectionEnvironmentsAsync("default", "cluster", [], Cancelled);
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
        var problem = await Expect.ProblemAsync(ErrorCode.NotFound, () => Server.Admin.SetConnectionEnvironmentsAsync("default", "cluster", ["stagin"], Cancelled));
        Assert.Contains("Did you mean staging?", problem.Hint, StringComparison.Ordinal);
        await Expect.ProblemAsync(ErrorCode.NotFound, () => Server.Admin.TestConnectionAsync("default", "cluster", "stagin", Cancelled));
        await Expect.ProblemAsync(ErrorCode.NotFound, () => Server.Admin.CreateConnectionAsync(
            "default", new CreateConnectionRequest { Name = "two", Kind = "kubernetes", Environments = ["stagin"] }, Cancelled));
        await Expect.ProblemAsync(ErrorCode.ConnectionNotFound, () => Server.Admin.SetConnectionEnvironmentsAsync("default", "clustr", ["staging"], Cancelled));
        await Expect.ProblemAsync(ErrorCode.InvalidArgument, () => Server.Admin.SetConnectionEnvironmentsAsync("default", "cluster", ["No Slug"], Cancelled));
        Assert.Equal(["cluster"], (await Server.Admin.ListConnectionsAsync("default", Cancelled)).Items.Select(connection => connection.Name));
    }

    [Fact]
    public async Task AnEnvironmentOfAnotherOrganization_IsNone()
    {
        await ArrangeAsync();
        await Server.Admin.CreateOrganizationAsync("acme", Cancelled);
        await Server.Admin.CreateEnvironmentAsync("acme", "staging", Cancelled);

        var (_, message) = await RefusalAsync("cluster@staging", ErrorCode.NotFound);
        Assert.DoesNotContain("Did you mean", message, StringComparison.Ordinal);
        await Expect.ProblemAsync(ErrorCode.NotFound, () => Server.Admin.SetConnectionEnvironmentsAsync("default", "cluster", ["staging"], Cancelled));
    }

    [Fact]
    public async Task AConnectionIsMadeForEnvironments_WhichThenCannotBeDeleted()
    {
        await ArrangeAsync("staging");
        var made = await Server.Admin.CreateConnectionAsync(
            "default", new CreateConnectionRequest { Name = "two", Kind = "kubernetes", Runner = "prod", Environments = ["staging"] }, Cancelled);

        Assert.Equal(["staging"], made.Environments);
        Assert.Equivalent(made, await Server.Admin.GetConnectionAsync("default", "two", Cancelled), strict: true);
        Assert.Equal(403, await StatusAsync("two"));
        await Expect.ProblemAsync(ErrorCode.Conflict, () => Server.Admin.DeleteEnvironmentAsync("default", "staging", Cancelled));
        await Server.Admin.DeleteConnectionAsync("default", "two", Cancelled);
        await Server.Admin.DeleteEnvironmentAsync("default", "staging", Cancelled);
    }

    [Fact]
    public async Task ATestInTheWrongEnvironment_FailsAtTheControlPlane_AndIsRecorded()
    {
        await ArrangeAsync("staging");
        await Server.Admin.SetConnectionEnvironmentsAsync("default", "cluster", ["staging"], Cancelled);

        var denied = await Server.Admin.TestConnectionAsync("default", "cluster", Cancelled);
        var allowed = await Server.Admin.TestConnectionAsync("default", "cluster", "staging", Cancelled);

        var stage = Assert.Single(denied.Stages);
        Assert.Equal((ConnectionTestStageName.ControlPlane, false, ErrorCode.PermissionDenied), (stage.Name, stage.Ok, stage.Code));
        Assert.True(allowed.Ok, allowed.Stages[^1].Detail);
    }

    private async Task ArrangeAsync(params string[] environments)
    {
        foreach (var environment in environments)
            await Server.Admin.CreateEnvironmentAsync("default", environment, Cancelled);
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
        Assert.Equal(code, response.Headers.GetValues(OperationHeaders.Error).Single());
        using var json = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancelled));
        return ((int)response.StatusCode, json.RootElement.GetProperty("message").GetString()!);
    }
}
