using Microsoft.EntityFrameworkCore;
using Planton.Api.Runners;
using Planton.Server.Runners;
using Planton.Server.Storage;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Kubernetes;
using Planton.Tunnel.Gateway;

namespace Planton.Server.Tests.Gateway;

/// <summary>What is stored about runners that come and go through real tunnels.</summary>
public abstract class PresenceTests(TunnelServer shared, DatabaseKind database) : KubernetesProxyTest(shared)
{
    [Fact]
    public async Task ARunnerThatComesAndGoes_IsRememberedWithAddressAndVersion()
    {
        await using (await ConnectedRunner.StartAsync(Server, "prod", _ => Task.CompletedTask, Org))
        {
            var connected = await WaitAsync("prod", runner => runner.ConnectedSince is not null);
            Assert.Equal("9.8.7", connected.LastVersion);
            Assert.StartsWith("127.0.0.1:", connected.LastAddress, StringComparison.Ordinal);
            Assert.Null(connected.DisconnectedAt);
            var shown = await Server.Admin.GetRunnerAsync(Org, "prod", Cancelled);
            Assert.Equal(("test-host", "9.8.7", "ready"), (shown.Tunnels[0].HostName, shown.Tunnels[0].Version, shown.Tunnels[0].State));
        }

        var gone = await WaitAsync("prod", runner => runner.DisconnectedAt is not null);
        Assert.Null(gone.ConnectedSince);
        Assert.Equal(gone.DisconnectedAt, gone.LastSeenAt);
        Assert.Equal("9.8.7", gone.LastVersion);
        Assert.Empty((await Server.Admin.GetRunnerAsync(Org, "prod", Cancelled)).Tunnels);
    }

    [Fact]
    public async Task UnderManyReconnects_TheLastStateIsTheOneThatIsKept()
    {
        var credentials = (await Server.Admin.GenerateCredentialsAsync(Org, "prod", Cancelled)).Credentials;
        await using var runner = await ConnectedRunner.StartAsync(credentials, _ => Task.CompletedTask);
        var registry = Server.Get<TunnelRegistry>();
        var id = credentials.Metadata!.RunnerId!;
        for (var cut = 0; cut < 15; cut++)
        {
            await Eventually.BecomesTrueAsync(() => !registry.Of(id).IsEmpty, "the tunnel is open", cancellationToken: Cancelled);
            foreach (var tunnel in registry.Of(id))
                tunnel.Abort("cut by the test");
            await Eventually.BecomesTrueAsync(() => registry.Of(id).IsEmpty || registry.Of(id)[0].State == Planton.Tunnel.Links.LinkState.Ready, "the tunnel is gone", cancellationToken: Cancelled);
        }

        await Eventually.BecomesTrueAsync(() => !registry.Of(id).IsEmpty, "it is back", cancellationToken: Cancelled);
        var connected = await WaitAsync("prod", entity => entity.ConnectedSince is not null);
        Assert.True(connected.LastSeenAt >= connected.ConnectedSince);
        await runner.DisposeAsync();
        var gone = await WaitAsync("prod", entity => entity.ConnectedSince is null && entity.DisconnectedAt is not null);
        Assert.True(gone.DisconnectedAt >= connected.ConnectedSince);
    }

    [Fact]
    public async Task WhenOneOfTwoReplicasGoes_TheRunnerIsStillConnected_SinceTheFirst()
    {
        var first = await ConnectedRunner.StartAsync(Server, "prod", _ => Task.CompletedTask, Org);
        var since = (await WaitAsync("prod", runner => runner.ConnectedSince is not null)).ConnectedSince;
        await using var second = await ConnectedRunner.StartAsync(Server, "prod", _ => Task.CompletedTask, Org);
        await Eventually.BecomesTrueAsync(async () => (await ShownAsync()).Tunnels.Count == 2, "both are seen", cancellationToken: Cancelled);
        await first.DisposeAsync();
        await Eventually.BecomesTrueAsync(async () => (await ShownAsync()).Tunnels.Count == 1, "one is seen", cancellationToken: Cancelled);

        var now = await WaitAsync("prod", runner => runner.LastSeenAt > since);
        Assert.Equal(since, now.ConnectedSince);
        Assert.Equal("connected", (await ShownAsync()).Status);
    }

    [Fact]
    public async Task TwentyRunnersAtOnce_AreAllRemembered()
    {
        var runners = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => ConnectedRunner.StartAsync(Server, $"r{number}", _ => Task.CompletedTask, Org)));
        await Eventually.BecomesTrueAsync(async () => await CountAsync(runner => runner.ConnectedSince != null) == 20, "all are written", cancellationToken: Cancelled);
        await Task.WhenAll(runners.Select(runner => runner.DisposeAsync().AsTask()));
        await Eventually.BecomesTrueAsync(async () => await CountAsync(runner => runner.ConnectedSince == null && runner.DisconnectedAt != null) == 20, "all are written as gone", cancellationToken: Cancelled);
        Assert.All(runners, runner => Assert.Empty(Server.Get<TunnelRegistry>().Of(runner.Credentials.Metadata!.RunnerId!)));
    }

    [Fact]
    public async Task WhenTheDatabaseIsBusy_ItIsWrittenLater_AndTheTunnelDoesNotWait()
    {
        var credentials = (await Server.Admin.GenerateCredentialsAsync(Org, "prod", Cancelled)).Credentials;
        await RefusingTrigger.AddAsync(Server, "no_news", "UPDATE OF \"LastSeenAt\"", "runners");
        Server.Log.ExpectError(line => line.Text.Contains("EntityFrameworkCore", StringComparison.Ordinal));
        await using var runner = await ConnectedRunner.StartAsync(credentials, _ => Task.CompletedTask);
        Assert.Null((await runner.Link.WaitForStartAsync(Cancelled)).Refusal);
        await Eventually.BecomesTrueAsync(() => Server.Log.Text.Contains("writing when runners were last seen; retrying", StringComparison.Ordinal), "it was tried", cancellationToken: Cancelled);
        Assert.Equal("connected", (await ShownAsync()).Status);
        Assert.Null((await WaitAsync("prod", _ => true)).ConnectedSince);

        await RefusingTrigger.RemoveAsync(Server, "no_news", "runners");

        await WaitAsync("prod", entity => entity.ConnectedSince is not null);
    }

    [Fact]
    public async Task ASighting_IsShownByTheApi_WhileTheRunnerIsAway()
    {
        await using (await ConnectedRunner.StartAsync(Server, "prod", _ => Task.CompletedTask, Org))
            await WaitAsync("prod", runner => runner.ConnectedSince is not null);
        var stored = await WaitAsync("prod", runner => runner.DisconnectedAt is not null);

        var shown = await ShownAsync();

        Assert.StartsWith("127.0.0.1:", stored.LastAddress, StringComparison.Ordinal);
        Assert.Equal(("disconnected", "9.8.7", stored.LastAddress), (shown.Status, shown.Version, shown.Address));
        Assert.Equal(stored.DisconnectedAt, shown.StatusSince);
    }

    [Fact]
    public async Task AServerThatWasKilled_DoesNotLeaveItsRunnersConnected()
    {
        using var folder = new TemporaryFolder();
        DateTimeOffset? since = TimeProvider.System.GetStorableNow();
        await using (var killed = await ServerFixture.StartInAsync(folder, database: database))
        {
            await killed.Admin.RegisterRunnerAsync("default", "prod", Cancelled);
            // What a kill leaves in the database. The stop does not write it, because there was no tunnel.
            await killed.QueryAsync(context => context.Runners.ExecuteUpdateAsync(set => set.SetProperty(r => r.ConnectedSince, since), Cancelled));
        }

        await using var next = await ServerFixture.StartInAsync(folder, database: database);

        var runner = await next.QueryAsync(context => context.Runners.AsNoTracking().SingleAsync(Cancelled));
        Assert.Null(runner.ConnectedSince);
        Assert.True(runner.DisconnectedAt >= since);
    }

    private Task<Runner> ShownAsync() => Server.Admin.GetRunnerAsync(Org, "prod", Cancelled);

    private Task<int> CountAsync(System.Linq.Expressions.Expression<Func<RunnerEntity, bool>> which) =>
        Server.QueryAsync(context => context.Runners.Where(runner => runner.OrganizationId == OrgId).CountAsync(which, Cancelled));

    private async Task<RunnerEntity> WaitAsync(string name, Func<RunnerEntity, bool> until)
    {
        RunnerEntity found = null!;
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                found = await Server.QueryAsync(context => context.Runners.AsNoTracking()
                    .SingleAsync(runner => runner.OrganizationId == OrgId && runner.Name == name, Cancelled));
                return until(found);
            },
            $"the state of {name} is written", cancellationToken: Cancelled);
        return found;
    }
}

public sealed class PresenceTestsOnSqlite(TunnelsOnSqlite shared) : PresenceTests(shared, DatabaseKind.Sqlite), IClassFixture<TunnelsOnSqlite>;

public sealed class PresenceTestsOnPostgreSql(TunnelsOnPostgreSql shared) : PresenceTests(shared, DatabaseKind.PostgreSql), IClassFixture<TunnelsOnPostgreSql>;
