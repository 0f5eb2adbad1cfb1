using Microsoft.AspNetCore.Http;
using Planton.Api.Connections;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Routing;

namespace Planton.Server.Tests.Connections;

public abstract class DefaultConnectionTests(SharedServer shared) : RoutedTest(shared)
{
    [Fact]
    public async Task TheOneThatIsNamed_ThenTheEnvironments_ThenTheOrganizations()
    {
        await ArrangeAsync("explicit", "of-staging", "of-all");
        await Admin.CreateEnvironmentAsync(Org, "staging", Cancellation);
        await Admin.CreateEnvironmentAsync(Org, "prod", Cancellation);
        await Admin.SetDefaultConnectionAsync(Org, "of-all", cancellationToken: Cancellation);
        var set = await Admin.SetDefaultConnectionAsync(Org, "of-staging", "staging", Cancellation);

        Assert.Equal((false, "staging"), (set.IsDefault, Assert.Single(set.DefaultOf)));
        Assert.Equal("explicit", await AskAsync("explicit@staging"));
        Assert.Equal("of-staging", await AskAsync("-@staging"));
        Assert.Equal("of-all", await AskAsync("-@prod"));
        Assert.Equal("of-all", await AskAsync("-"));
        Assert.Equal(new DefaultConnection("of-staging", "environment"), await Admin.GetDefaultConnectionAsync(Org, "staging", Cancellation));
        Assert.Equal(new DefaultConnection("of-all", "organization"), await Admin.GetDefaultConnectionAsync(Org, "prod", Cancellation));
        Assert.Equal(new DefaultConnection("of-all", "organization"), await Admin.GetDefaultConnectionAsync(Org, cancellationToken: Cancellation));

        // The record names the connection that was meant.
        Assert.Contains("environment/staging/connection/of-staging GET /x", (await AuditAsync()).Select(record => record.Resource));
    }

    [Fact]
    public async Task WithoutADefault_ItIsSaidHowToSetOne()
    {
        await ArrangeAsync("cluster");
        await Admin.CreateEnvironmentAsync(Org, "staging", Cancellation);

        Assert.Contains("planton connection set-default NAME --env staging", await RefusalAsync("-@staging", ErrorCode.ConnectionNotFound), StringComparison.Ordinal);
        Assert.Contains($"organization \"{Org}\" has no default connection", await RefusalAsync("-", ErrorCode.ConnectionNotFound), StringComparison.Ordinal);
        Assert.Equal(new DefaultConnection(null, null), await Admin.GetDefaultConnectionAsync(Org, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task ADefaultIsReplaced_TakenBack_AndGoesWithItsConnectionAndItsEnvironment()
    {
        await ArrangeAsync("one", "two");
        await Admin.CreateEnvironmentAsync(Org, "staging", Cancellation);
        await Admin.SetDefaultConnectionAsync(Org, "one", cancellationToken: Cancellation);
        Assert.True((await Admin.SetDefaultConnectionAsync(Org, "two", cancellationToken: Cancellation)).IsDefault);
        Assert.False((await Admin.GetConnectionAsync(Org, "one", Cancellation)).IsDefault);

        await Expect.ProblemAsync(ErrorCode.NotFound, () => Admin.UnsetDefaultConnectionAsync(Org, "one", cancellationToken: Cancellation));
        await Admin.UnsetDefaultConnectionAsync(Org, "two", cancellationToken: Cancellation);
        Assert.Null((await Admin.GetDefaultConnectionAsync(Org, cancellationToken: Cancellation)).Connection);

        await Admin.SetDefaultConnectionAsync(Org, "one", cancellationToken: Cancellation);
        await Admin.SetDefaultConnectionAsync(Org, "two", "staging", Cancellation);
        await Admin.DeleteEnvironmentAsync(Org, "staging", Cancellation);
        Assert.Empty((await Admin.GetConnectionAsync(Org, "two", Cancellation)).DefaultOf);
        await Admin.DeleteConnectionAsync(Org, "one", Cancellation);
        await RefusalAsync("-", ErrorCode.ConnectionNotFound);
    }

    [Fact]
    public async Task ADefaultThatItsEnvironmentMayNotUse_IsRefused_AndOneThatMayNoLongerBeUsedIsDenied()
    {
        await ArrangeAsync("cluster");
        await Admin.CreateEnvironmentAsync(Org, "staging", Cancellation);
        await Admin.CreateEnvironmentAsync(Org, "prod", Cancellation);
        await Admin.SetConnectionEnvironmentsAsync(Org, "cluster", ["prod"], Cancellation);

        var problem = await Expect.ProblemAsync(ErrorCode.Conflict, () => Admin.SetDefaultConnectionAsync(Org, "cluster", "staging", Cancellation));
        Assert.Contains("set-environments cluster --environment prod --environment staging", problem.Hint, StringComparison.Ordinal);
        await Admin.SetDefaultConnectionAsync(Org, "cluster", cancellationToken: Cancellation);
        Assert.Equal("cluster", await AskAsync("-@prod"));
        await RefusalAsync("-@staging", ErrorCode.PermissionDenied);
        await RefusalAsync("-", ErrorCode.PermissionDenied);
    }

    [Fact]
    public async Task AnotherOrganizationsConnection_CannotBecomeTheDefault()
    {
        await ArrangeAsync();
        var (acme, _) = await NewOrganizationAsync("acme");
        await CreateConnectionAsync("foreign", null, org: acme);

        await Expect.ProblemAsync(ErrorCode.ConnectionNotFound, () => Admin.SetDefaultConnectionAsync(Org, "foreign", cancellationToken: Cancellation));
        await Expect.ProblemAsync(ErrorCode.NotFound, () => Admin.SetDefaultConnectionAsync(acme, "foreign", "staging", Cancellation));
    }

    private async Task ArrangeAsync(params string[] connections)
    {
        await StartRunnerAsync(
            "prod", context => context.Response.WriteAsync(Uri.UnescapeDataString(context.Request.Headers[OperationHeaders.KubernetesContext].ToString())));
        foreach (var connection in connections)
            await CreateConnectionAsync(connection, "prod", connection);
    }

    private async Task<string> AskAsync(string connection)
    {
        using var response = await GetAsync("/x", connection: connection);
        return await response.Content.ReadAsStringAsync(Cancellation);
    }

    private async Task<string> RefusalAsync(string connection, string code)
    {
        using var response = await GetAsync("/x", connection: connection);
        return await MessageAsync(response, code);
    }
}

public sealed class DefaultConnectionTestsOnSqlite(RoutingOnSqlite shared) : DefaultConnectionTests(shared), IClassFixture<RoutingOnSqlite>;

public sealed class DefaultConnectionTestsOnPostgreSql(RoutingOnPostgreSql shared) : DefaultConnectionTests(shared), IClassFixture<RoutingOnPostgreSql>;
