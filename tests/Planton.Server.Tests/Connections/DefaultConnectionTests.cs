using Microsoft.AspNetCore.Http;
using Planton.Api.Connections;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Kubernetes;

namespace Planton.Server.Tests.Connections;

public sealed class DefaultConnectionTests : KubernetesProxyTest
{
    [Fact]
    public async Task TheOneThatIsNamed_ThenTheEnvironments_ThenTheOrganizations()
    {
        await ArrangeAsync("explicit", "of-staging", "of-all");
        await Server.Admin.CreateEnvironmentAsync("default", "staging", Cancelled);
        await Server.Admin.CreateEnvironmentAsync("default", "prod", Cancelled);
        await Server.Admin.SetDefaultConnectionAsync("default", "of-all", cancellationToken: Cancelled);
        var set = await Server.Admin.SetDefaultConnectionAsync("default", "of-staging", "staging", Cancelled);

        Assert.Equal((false, "staging"), (set.IsDefault, Assert.Single(set.DefaultOf)));
        Assert.Equal("explicit", await AskAsync("explicit@staging"));
        Assert.Equal("of-staging", await AskAsync("-@staging"));
        Assert.Equal("of-all", await AskAsync("-@prod"));
        Assert.Equal("of-all", await AskAsync("-"));
        Assert.Equal(new DefaultConnection("of-staging", "environment"), await Server.Admin.GetDefaultConnectionAsync("default", "staging", Cancelled));
        Assert.Equal(new DefaultConnection("of-all", "organization"), await Server.Admin.GetDefaultConnectionAsync("default", "prod", Cancelled));
        Assert.Equal(new DefaultConnection("of-all", "organization"), await Server.Admin.GetDefaultConnectionAsync("default", cancellationToken: Cancelled));

        // The record names the connection that was meant.
        Assert.Contains("environment/staging/connection/of-staging GET /x", (await AuditAsync()).Select(record => record.Resource));
    }

    [Fact]
    public async Task WithoutADefault_ItIsSaidHowToSetOne()
    {
        await ArrangeAsync("cluster");
        await Server.Admin.CreateEnvironmentAsync("default", "staging", Cancelled);

        Assert.Contains("planton connection set-default NAME --env staging", await RefusalAsync("-@staging", ErrorCode.ConnectionNotFound), StringComparison.Ordinal);
        Assert.Contains("organization \"default\" has no default connection", await RefusalAsync("-", ErrorCode.ConnectionNotFound), StringComparison.Ordinal);
        Assert.Equal(new DefaultConnection(null, null), await Server.Admin.GetDefaultConnectionAsync("default", cancellationToken: Cancelled));
    }

    [Fact]
    public async Task ADefaultIsReplaced_TakenBack_AndGoesWithItsConnectionAndItsEnvironment()
    {
        await ArrangeAsync("one", "two");
        await Server.Admin.CreateEnvironmentAsync("default", "staging", Cancelled);
        await Server.Admin.SetDefaultConnectionAsync("default", "one", cancellationToken: Cancelled);
        Assert.True((await Server.Admin.SetDefaultConnectionAsync("default", "two", cancellationToken: Cancelled)).IsDefault);
        Assert.False((await Server.Admin.GetConnectionAsync("default", "one", Cancelled)).IsDefault);

        await Expect.ProblemAsync(ErrorCode.NotFound, () => Server.Admin.UnsetDefaultConnectionAsync("default", "one", cancellationToken: Cancelled));
        await Server.Admin.UnsetDefaultConnectionAsync("default", "two", cancellationToken: Cancelled);
        Assert.Null((await Server.Admin.GetDefaultConnectionAsync("default", cancellationToken: Cancelled)).Connection);

        await Server.Admin.SetDefaultConnectionAsync("default", "one", cancellationToken: Cancelled);
        await Server.Admin.SetDefaultConnectionAsync("default", "two", "staging", Cancelled);
        await Server.Admin.DeleteEnvironmentAsync("default", "staging", Cancelled);
        Assert.Empty((await Server.Admin.GetConnectionAsync("default", "two", Cancelled)).DefaultOf);
        await Server.Admin.DeleteConnectionAsync("default", "one", Cancelled);
        await RefusalAsync("-", ErrorCode.ConnectionNotFound);
    }

    [Fact]
    public async Task ADefaultThatItsEnvironmentMayNotUse_IsRefused_AndOneThatMayNoLongerBeUsedIsDenied()
    {
        await ArrangeAsync("cluster");
        await Server.Admin.CreateEnvironmentAsync("default", "staging", Cancelled);
        await Server.Admin.CreateEnvironmentAsync("default", "prod", Cancelled);
        await Server.Admin.SetConnectionEnvironmentsAsync("default", "cluster", ["prod"], Cancelled);

        var problem = await Expect.ProblemAsync(ErrorCode.Conflict, () => Server.Admin.SetDefaultConnectionAsync("default", "cluster", "staging", Cancelled));
        Assert.Contains("set-environments cluster --environment prod --environment staging", problem.Hint, StringComparison.Ordinal);
        await Server.Admin.SetDefaultConnectionAsync("default", "cluster", cancellationToken: Cancelled);
        Assert.Equal("cluster", await AskAsync("-@prod"));
        await RefusalAsync("-@staging", ErrorCode.PermissionDenied);
        await RefusalAsync("-", ErrorCode.PermissionDenied);
    }

    [Fact]
    public async Task AnotherOrganizationsConnection_CannotBecomeTheDefault()
    {
        await ArrangeAsync();
        await Server.Admin.CreateOrganizationAsync("acme", Cancelled);
        await CreateConnectionAsync("foreign", null, org: "acme");

        await Expect.ProblemAsync(ErrorCode.ConnectionNotFound, () => Server.Admin.SetDefaultConnectionAsync("default", "foreign", cancellationToken: Cancelled));
        await Expect.ProblemAsync(ErrorCode.NotFound, () => Server.Admin.SetDefaultConnectionAsync("acme", "foreign", "staging", Cancelled));
    }

    private async Task ArrangeAsync(params string[] connections)
    {
        Started(await ConnectedRunner.StartAsync(
            Server, "prod", context => context.Response.WriteAsync(Uri.UnescapeDataString(context.Request.Headers[OperationHeaders.KubernetesContext].ToString()))));
        foreach (var connection in connections)
            await CreateConnectionAsync(connection, "prod", connection);
    }

    private async Task<string> AskAsync(string connection)
    {
        using var response = await GetAsync("/x", connection: connection);
        return await response.Content.ReadAsStringAsync(Cancelled);
    }

    private async Task<string> RefusalAsync(string connection, string code)
    {
        using var response = await GetAsync("/x", connection: connection);
        Assert.Equal(code, response.Headers.GetValues(OperationHeaders.Error).Single());
        using var json = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancelled));
        return json.RootElement.GetProperty("message").GetString()!;
    }
}
