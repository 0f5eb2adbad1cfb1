using Microsoft.EntityFrameworkCore;
using Planton.Api.Runners;
using Planton.Server.Runners;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Kubernetes;
using Planton.Tunnel.Gateway;

namespace Planton.Server.Tests.Gateway;

/// <summary>What is remembered of runners that come and go through real tunnels.</summary>
public sealed class PresenceTests : KubernetesProxyTest
{
    [Fact]
    public async Task ARunnerThatComesAndGoes_IsRememberedWithAddressAndVersion()
    {
        await using (await ConnectedRunner.StartAsync(Server, "prod", _ => Task.CompletedTask))
        {
            var connected = await WaitAsync("prod", runner => runner.ConnectedSince is not null);
            Assert.Equal("9.8.7", connected.LastVersion);
            Assert.StartsWith("127.0.0.1:", connected.LastAddress, StringComparison.Ordinal);
            Assert.Null(connected.DisconnectedAt);
            var shown = await Server.Admin.GetRunnerAsync("default", "prod", Cancelled);
            Assert.Equal(("test-host", "9.8.7", "ready"), (shown.Tunnels[0].HostName, shown.Tunnels[0].Version, shown.Tunnels[0].State));
        }

        var gone = await WaitAsync("prod", runner => runner.DisconnectedAt is not null);
        Assert.Null(gone.ConnectedSince);
        Assert.Equal(gone.DisconnectedAt, gone.LastSeenAt);
        Assert.Equal("9.8.7", gone.LastVersion);
        Assert.Empty((await Server.Admin.GetRunnerAsync("default", "prod", Cancelled)).Tunnels);
    }

    [Fact]
    public async Task UnderManyReconnects_TheLastStateIsTheOneThatIsKept()
    {
        var credentials = (await Server.Admin.GenerateCredentialsAsync("default", "prod", Cancelled)).Credentials;
        await using var runner = await ConnectedRunner.StartAsync(credentials, _ => Task.CompletedTask);
        var registry = Server.Get<TunnelRegistry>();
        var id = credentials.Metadata!.RunnerId!;
        for (var cut = 0; cut < 15; cut++)
        {
            await Expect.EventuallyAsync("the tunnel is open", () => Task.FromResult(!registry.Of(id).IsEmpty));
            foreach (var tunnel in registry.Of(id))
                tunnel.Abort("cut by the test");
            await Expect.EventuallyAsync("the tunnel is gone", () => Task.FromResult(registry.Of(id).IsEmpty || registry.Of(id)[0].State == Planton.Tunnel.Links.LinkState.Ready));
        }

        await Expect.EventuallyAsync("it is back", () => Task.FromResult(!registry.Of(id).IsEmpty));
        var connected = await WaitAsync("prod", entity => entity.ConnectedSince is not null);
        Assert.True(connected.LastSeenAt >= connected.ConnectedSince);
        await runner.DisposeAsync();
        var gone = await WaitAsync("prod", entity => entity.ConnectedSince is null && entity.DisconnectedAt is not null);
        Assert.True(gone.DisconnectedAt >= connected.ConnectedSince);
    }

    [Fact]
    public async Task WhenOneOfTwoReplicasGoes_TheRunnerIsStillConnected_SinceTheFirst()
    {
        var first = await ConnectedRunner.StartAsync(Server, "prod", _ => Task.CompletedTask);
        var since = (await WaitAsync("prod", runner => runner.ConnectedSince is not null)).ConnectedSince;
        await using var second = await ConnectedRunner.StartAsync(Server, "prod", _ => Task.CompletedTask);
        await Expect.EventuallyAsync("both are seen", async () => (await ShownAsync()).Tunnels.Count == 2);
        await first.DisposeAsync();
        await Expect.EventuallyAsync("one is seen", async () => (await ShownAsync()).Tunnels.Count == 1);

        var now = await WaitAsync("prod", runner => runner.LastSeenAt > since);
        Assert.Equal(since, now.ConnectedSince);
        Assert.Equal("connected", (await ShownAsync()).Status);
    }

    [Fact]
    public async Task TwentyRunnersAtOnce_AreAllRemembered()
    {
        var runners = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => ConnectedRunner.StartAsync(Server, $"r{number}", _ => Task.CompletedTask)));
        await Expect.EventuallyAsync("all are written", async () => await CountAsync(runner => runner.ConnectedSince != null) == 20);
        await Task.WhenAll(runners.Select(runner => runner.DisposeAsync().AsTask()));
        await Expect.EventuallyAsync("all are written as gone", async () => await CountAsync(runner => runner.ConnectedSince == null && runner.DisconnectedAt != null) == 20);
        Assert.Equal(0, Server.Get<TunnelRegistry>().Count);
    }

    [Fact]
    public async Task WhenTheDatabaseIsBusy_ItIsWrittenLater_AndTheTunnelDoesNotWait()
    {
        var credentials = (await Server.Admin.GenerateCredentialsAsync("default", "prod", Cancelled)).Credentials;
        await RefusingTrigger.AddAsync(Server, "no_news", "UPDATE OF \"LastSeenAt\"", "runners");
        Server.Log.ExpectError(line => line.Text.Contains("EntityFrameworkCore", StringComparison.Ordinal));
        await using var runner = await ConnectedRunner.StartAsync(credentials, _ => Task.CompletedTask);
        Assert.Null((await runner.Link.WaitForStartAsync(Cancelled)).Refusal);
        await Expect.EventuallyAsync("it was tried", () => Task.FromResult(Server.Log.Text.Contains("it is tried again", StringComparison.Ordinal)));
        Assert.Equal("connected", (await ShownAsync()).Status);

        await RefusingTrigger.RemoveAsync(Server, "no_news", "runners");

        await WaitAsync("prod", entity => entity.ConnectedSince is not null);
    }

    private Task<Runner> ShownAsync() => Server.Admin.GetRunnerAsync("default", "prod", Cancelled);

    private Task<int> CountAsync(System.Linq.Expressions.Expression<Func<RunnerEntity, bool>> which) =>
        Server.QueryAsync(context => context.Runners.CountAsync(which, Cancelled));

    private async Task<RunnerEntity> WaitAsync(string name, Func<RunnerEntity, bool> until)
    {
        RunnerEntity found = null!;
        await Expect.EventuallyAsync($"the state of {name} is written", async () =>
        {
            found = await Server.QueryAsync(context => context.Runners.AsNoTracking().SingleAsync(runner => runner.Name == name, Cancelled));
            return until(found);
        });
        return found;
    }
}
