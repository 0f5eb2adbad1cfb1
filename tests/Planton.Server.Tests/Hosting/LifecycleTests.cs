using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Planton.Api;
using Planton.Server.Hosting;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Hosting;

public sealed class LifecycleTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddressesAreThereWhileTheServerListens()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Data, "addresses.json");
        await using (var server = await ServerFixture.StartInAsync(folder))
        {
            var addresses = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file, Cancellation), PlantonJson.Default.ServerAddresses)!;
            Assert.Equal($"http://{server.Http}", addresses.Http);
            Assert.Equal(server.Tunnel.ToString(), addresses.Tunnel);
            Assert.Equal(Environment.ProcessId, addresses.Pid);
            Assert.NotEqual(0, server.Http.Port);
            Assert.NotEqual(server.Http.Port, server.Tunnel.Port);
            using var tunnel = new System.Net.Sockets.TcpClient();
            await tunnel.ConnectAsync(server.Tunnel.Host, server.Tunnel.Port, Cancellation);
        }

        Assert.False(File.Exists(file), "addresses.json outlived the server");
    }

    [Fact]
    public async Task AddressesLeftByAKilledServerAreGoneWhenTheNextCannotStart()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Data);
        var file = Path.Combine(folder.Data, "addresses.json");
        await File.WriteAllTextAsync(file, "{}", Cancellation);
        await using var other = await ServerFixture.StartAsync();
        await Assert.ThrowsAnyAsync<IOException>(() => ServerFixture.StartInAsync(folder, options => options with { Http = other.Http }));
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task ReadyAndLiveNeedNoKey()
    {
        await using var server = await ServerFixture.StartAsync();
        using var client = server.HttpClient();
        Assert.Equal("ok\n", await client.GetStringAsync("healthz/live", Cancellation));
        Assert.Equal("ok\n", await client.GetStringAsync("healthz/ready", Cancellation));
    }

    [Fact]
    public async Task WhenTheDatabaseCannotBeUsed_ReadyIs503AndLiveIsNot()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.QueryAsync(context => context.Database.ExecuteSqlRawAsync("ALTER TABLE users RENAME TO elsewhere", Cancellation));
        using var client = server.HttpClient();
        using var ready = await client.GetAsync("healthz/ready", Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("the database cannot be used\n", await ready.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("ok\n", await client.GetStringAsync("healthz/live", Cancellation));
    }

    [Fact]
    public async Task DuringTheStopDelay_ReadyIs503AndRequestsAreServed()
    {
        await using var server = await ServerFixture.StartAsync(options => options with { StopDelay = TimeSpan.FromSeconds(3) });
        using var client = server.HttpClient(server.AdminKey);
        var stop = server.App.StopAsync(Cancellation);
        await Eventually.BecomesTrueAsync(
            async () =>
            {
                using var ready = await client.GetAsync("healthz/ready", Cancellation);
                return ready.StatusCode == HttpStatusCode.ServiceUnavailable;
            },
            "ready is 503", cancellationToken: Cancellation);
        Assert.False(File.Exists(Path.Combine(server.Folder.Data, "addresses.json")));
        using var me = await client.GetAsync("api/v1/me", Cancellation);
        Assert.Equal(HttpStatusCode.OK, me.StatusCode);
        Assert.False(stop.IsCompleted);
        await stop;
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("healthz/live", Cancellation));
    }

    [Fact]
    public async Task AStopWaitsForTheRequestInFlight()
    {
        var (entered, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await ServerFixture.StartAsync();
        server.App.MapGet("/test/slow", async () =>
        {
            entered.SetResult();
            await release.Task;
            return "done";
        }).AllowAnonymous();
        using var client = server.HttpClient();
        var answer = client.GetStringAsync("test/slow", Cancellation);
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        var stop = server.App.StopAsync(Cancellation);
        Assert.False(stop.IsCompleted);
        release.SetResult();
        Assert.Equal("done", await answer);
        await stop;
    }

    [Fact]
    public async Task AStopWaitsNoLongerThanTheTimeToDrain()
    {
        var entered = new TaskCompletionSource();
        await using var server = await ServerFixture.StartAsync(options => options with { DrainTimeout = TimeSpan.FromSeconds(1) });
        server.App.MapGet("/test/endless", async (HttpContext http) =>
        {
            entered.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
        }).AllowAnonymous();
        using var client = server.HttpClient();
        var answer = client.GetAsync("test/endless", Cancellation);
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        await server.App.StopAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(8), Cancellation);
        await Assert.ThrowsAsync<HttpRequestException>(() => answer);
    }

    [Fact]
    public async Task MetricsCountRequestsAndNeedNoKey()
    {
        await using var server = await ServerFixture.StartAsync();
        using var client = server.HttpClient();
        await client.GetStringAsync("healthz/live", Cancellation);
        // The exporter answers from a cache that it refreshes by itself.
        await Eventually.BecomesTrueAsync(
            async () => (await client.GetStringAsync("metrics", Cancellation)).Contains("http_server_request_duration_seconds_count", StringComparison.Ordinal),
            "the request is counted", cancellationToken: Cancellation);
    }

    [Fact]
    public async Task ThePhaseTellsHowFarItGot()
    {
        await using var server = await ServerFixture.StartAsync();
        var state = server.Get<ServerState>();
        Assert.Equal(ServerState.Phase.Running, state.Current);
        await server.App.StopAsync(Cancellation);
        Assert.Equal(ServerState.Phase.Stopping, state.Current);
    }
}
