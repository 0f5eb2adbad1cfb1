using Microsoft.AspNetCore.Http;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Kubernetes;
using Planton.Tunnel.Links;

namespace Planton.Server.Tests.Gateway;

/// <summary>A stop of the server while operations that never end go through real tunnels.</summary>
public sealed class StopTests : KubernetesProxyTest
{
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task AWatchInFlight_DoesNotHoldUpTheStop_AndIsAbortedForItsClient()
    {
        var aborted = new TaskCompletionSource();
        await ConnectAsync(context => WatchAsync(context, aborted));
        using var response = await GetAsync("/api/v1/pods?watch=1");
        await using var stream = await response.Content.ReadAsStreamAsync(Cancelled);
        var buffer = new byte[100];
        Assert.True(await stream.ReadAsync(buffer, Cancelled) > 0);

        // A watch never ends by itself: it is aborted when the time to drain is over.
        await Server.App.StopAsync(Cancelled).WaitAsync(Bound, Cancelled);

        await StreamingTarget.EndAsync(stream, Bound);
        await aborted.Task.WaitAsync(Bound, Cancelled);
        // What it says at the end is what happened, and not what was allowed.
        var (seconds, operations) = StopLog.Read(Server.Log);
        Assert.InRange(seconds, Drain.TotalSeconds, Bound.TotalSeconds);
        Assert.Equal(1, operations);
    }

    [Fact]
    public async Task TenWatchesAndAStalledReader_DoNotHoldItUpEither()
    {
        var started = 0;
        await ConnectAsync(async context =>
        {
            Interlocked.Increment(ref started);
            var noise = new byte[64 * 1024];
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(noise, context.RequestAborted);
        });
        var responses = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => GetAsync("/api/v1/pods?watch=1")));
        Assert.Equal(10, started);

        // The client does not read: the windows fill, and writing stalls.
        await Server.App.StopAsync(Cancelled).WaitAsync(Bound, Cancelled);

        foreach (var response in responses)
            response.Dispose();
    }

    [Fact]
    public async Task TheRunnerIsToldToGo_AndNoOperationIsTakenAfterwards()
    {
        var runner = await ConnectAsync(_ => Task.CompletedTask);
        Assert.Equal(LinkState.Ready, runner.Link.Status.State);
        var url = new Uri($"{Server.Url}kubernetes/default/cluster/api");
        var client = Server.HttpClient(Server.AdminKey);

        await Server.App.StopAsync(Cancelled).WaitAsync(Bound, Cancelled);

        await Eventually.BecomesTrueAsync(() => runner.Link.Status.State != LinkState.Ready, "the runner notices", cancellationToken: Cancelled);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(url, Cancelled));
    }

    private protected override Task<ServerFixture> StartServerAsync() =>
        ServerFixture.StartAsync(options => options with { DrainTimeout = Drain }, TunnelServer.UseTunnels);

    private static async Task WatchAsync(HttpContext context, TaskCompletionSource aborted)
    {
        await context.Response.WriteAsync("{\"type\":\"ADDED\"}\n");
        await context.Response.Body.FlushAsync();
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            aborted.TrySetResult();
        }
    }
}
