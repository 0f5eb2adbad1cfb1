using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Server.Connections;
using Planton.Server.Connections.Inline;
using Planton.Server.Errors;
using Planton.Server.Routing;
using Planton.Server.RunnerGrants;
using Planton.Server.Tests.Routing;

namespace Planton.Server.Tests.RunnerGrants;

/// <summary>
/// The gateway's own check, whatever route it is given: a tunnel whose certificate is of a platform runner gets what is granted
/// now. The grants' query is the one that other suites have on both databases.
/// </summary>
public sealed class GatewayGrantTests(RoutingOnSqlite shared) : PlatformRunnerTest(shared), IClassFixture<RoutingOnSqlite>
{
    [Fact]
    public async Task ARouteWithoutAccess_IsNotSent()
    {
        var connection = await EntityAsync("open");

        Assert.Equal(ErrorCode.RunnerNotGranted, (await SendAsync(connection, null))?.Code);
        // With a grant as well: a route that says nothing of it was not checked.
        await GrantAsync();
        Assert.Equal(ErrorCode.RunnerNotGranted, (await SendAsync(connection, null))?.Code);
        Assert.Null(await SendAsync(connection, Access()));
    }

    [Fact]
    public async Task AccessThatIsNotGranted_IsNotSent()
    {
        var connection = await EntityAsync("open");
        Assert.Equal(ErrorCode.RunnerNotGranted, (await SendAsync(connection, Access()))?.Code);
        var grant = await GrantAsync();
        Assert.Equal(ErrorCode.RunnerNotGranted, (await SendAsync(connection, Access() with { RunnerId = "another" }))?.Code);
        Assert.Equal(ErrorCode.RunnerNotGranted, (await SendAsync(connection, Access() with { OrganizationId = "another" }))?.Code);
        Assert.Null(await SendAsync(connection, Access()));

        await Admin.RevokeRunnerGrantAsync(Shared, grant.Id, Cancellation);

        Assert.Equal(ErrorCode.RunnerNotGranted, (await SendAsync(connection, Access()))?.Code);
    }

    [Fact]
    public async Task MoreRangesThanAreGranted_AreNotSent()
    {
        await CreateInlineAsync("own");
        var connection = await EntityAsync("own");
        await GrantInlineAsync("10.0.0.0/8");
        var access = Access() with { Mode = ConnectionAuthMode.Inline, Ranges = ["10.0.0.0/8"] };

        Assert.Null(await SendAsync(connection, access));
        Assert.Equal(ErrorCode.RunnerNotGranted, (await SendAsync(connection, access with { Ranges = ["10.0.0.0/8", "192.0.2.0/24"] }))?.Code);
    }

    private GrantedAccess Access() => new(SharedId, OrgId, ConnectionAuthMode.Runner, null, []);

    private async Task<ConnectionEntity> EntityAsync(string name)
    {
        if (name == "open")
            await CreateConnectionAsync(name, null);
        return await Server.QueryAsync(context => context.Connections.AsNoTracking()
            .SingleAsync(connection => connection.Name == name && connection.OrganizationId == OrgId, Cancellation));
    }

    private async Task<Error?> SendAsync(ConnectionEntity connection, GrantedAccess? access)
    {
        var runner = await Server.QueryAsync(context => context.Runners.AsNoTracking().SingleAsync(runner => runner.Id == SharedId, Cancellation));
        var operation = new Operation("operation", connection, new Route(runner, null, RouteLevel.Platform) { Access = access })
        {
            Credentials = connection.AuthMode == ConnectionAuthMode.Inline ? new InlineCredentials("e30=") : null,
        };
        var sent = 0;
        var error = await Server.Get<OperationSender>().SendAsync(
            operation,
            _ =>
            {
                sent++;
                return Task.FromResult(Sent.Answered);
            },
            Cancellation);
        Assert.Equal(error is null ? 1 : 0, sent);
        return error;
    }
}
