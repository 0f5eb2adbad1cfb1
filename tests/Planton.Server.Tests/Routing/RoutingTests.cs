using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Api.Runners;
using Planton.Server.DefaultRunners;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Routing;

public abstract class RoutingTests(SharedServer shared) : RoutedTest(shared)
{
    [Fact]
    public async Task TheConnectionsOwnRunner_ThenTheOrganizationsDefault_ThenThePlatforms()
    {
        await StartAsync("own");
        await StartAsync("org-default");
        var platformRunner = UniqueName("platform-default");
        await StartAsync(platformRunner, org: null);
        await CreateConnectionAsync("named", "own");
        await CreateConnectionAsync("open", null);
        await Admin.SetDefaultRunnerAsync(null, platformRunner, Cancellation);
        await Admin.GrantRunnerAsync(platformRunner, new() { Organization = Org }, Cancellation);

        Assert.Equal("own", await AskAsync("named"));
        Assert.Equal(platformRunner, await AskAsync("open"));
        await Admin.SetDefaultRunnerAsync(Org, "org-default", Cancellation);
        Assert.Equal("org-default", await AskAsync("open"));
        Assert.Equal("own", await AskAsync("named"));
    }

    [Fact]
    public async Task WithNoRunnerAtAnyLevel_TheErrorSaysHowToSetOne()
    {
        await CreateConnectionAsync("open", null);

        using var response = await GetAsync("/x", "open");

        var message = await MessageAsync(response, ErrorCode.NoRunnerAvailable, 503);
        Assert.Contains("planton runner set-default", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADefaultThatBelongsToAnotherOrganization_IsNoDefault()
    {
        var (other, otherId) = await NewOrganizationAsync("other");
        await StartAsync("theirs", other);
        await CreateConnectionAsync("open", null);
        await Server.QueryAsync(async context =>
        {
            // Not through the API, which would refuse it: a row that should not be there must still change nothing.
            var theirs = await context.Runners.SingleAsync(r => r.Name == "theirs" && r.OrganizationId == otherId, Cancellation);
            context.DefaultRunnerBindings.Add(new DefaultRunnerBindingEntity { Id = DefaultRunnerBindingEntity.IdOf(null), RunnerId = theirs.Id });
            return await context.SaveChangesAsync(Cancellation);
        });

        using var response = await GetAsync("/x", "open");

        await MessageAsync(response, ErrorCode.NoRunnerAvailable, 503);
    }

    [Fact]
    public async Task ARunnerThatNeverConnected_IsSaidToBeSo()
    {
        await Admin.RegisterRunnerAsync(Org, "idle", Cancellation);
        await CreateConnectionAsync("cluster", "idle");

        using var response = await GetAsync("/x");

        var message = await MessageAsync(response, ErrorCode.RunnerUnreachable, 503);
        Assert.Contains($"runner \"idle\" of organization \"{Org}\" is unreachable: it has never connected", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARunnerThatWent_IsNamed_WithSinceWhenAndFromWhere()
    {
        var runner = await ConnectAsync(context => context.Response.WriteAsync("ok"));
        using (var response = await GetAsync("/x"))
            Assert.True(response.IsSuccessStatusCode);
        var seen = await Admin.GetRunnerAsync(Org, "prod", Cancellation);
        Assert.Equal((RunnerStatus.Connected, "9.8.7", 1), (seen.Status, seen.Tunnels[0].Version, seen.Tunnels.Count));

        await runner.DisposeAsync();
        await Eventually.BecomesTrueAsync(
            async () => (await Admin.GetRunnerAsync(Org, "prod", Cancellation)) is { Status: RunnerStatus.Disconnected, StatusSince: not null },
            "the runner is seen as gone",
            cancellationToken: Cancellation);

        // The tunnel's end is known at once, and written down a moment later.
        var message = "";
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                using var after = await GetAsync("/x");
                message = await MessageAsync(after, ErrorCode.RunnerUnreachable, 503);
                return message.Contains("is not connected since 20", StringComparison.Ordinal);
            },
            "the end of the tunnel is written down",
            cancellationToken: Cancellation);
        Assert.Contains("runner \"prod\"", message, StringComparison.Ordinal);
        Assert.Contains("last seen from 127.0.0.1", message, StringComparison.Ordinal);
        Assert.Contains("version 9.8.7", message, StringComparison.Ordinal);
        Assert.Contains("was not sent", message, StringComparison.Ordinal);
    }

    private Task<ConnectedRunner> StartAsync(string name) => StartAsync(name, Org);

    private async Task<ConnectedRunner> StartAsync(string name, string? org) =>
        Started(await ConnectedRunner.StartAsync(Server, name, context => context.Response.WriteAsync(name), org));

    private async Task<string> AskAsync(string connection)
    {
        using var response = await GetAsync("/x", connection);
        return await response.Content.ReadAsStringAsync(Cancellation);
    }
}

public sealed class RoutingTestsOnSqlite(RoutingOnSqlite shared) : RoutingTests(shared), IClassFixture<RoutingOnSqlite>;

public sealed class RoutingTestsOnPostgreSql(RoutingOnPostgreSql shared) : RoutingTests(shared), IClassFixture<RoutingOnPostgreSql>;
