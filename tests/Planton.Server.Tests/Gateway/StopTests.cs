using Microsoft.AspNetCore.Http;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Kubernetes;

namespace Planton.Server.Tests.Gateway;

/// <summary>A stop of the server while operations go through real tunnels.</summary>
public sealed class StopTests : KubernetesProxyTest
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task AWatchUnderWay_DoesNotHoldUpTheStop_AndItsClientSeesTheEnd()
    {
        var aborted = new TaskCompletionSource();
        await ConnectAsync(context => WatchAsync(context, aborted));
        using var response = await GetAsync("/api/v1/pods?watch=1");
        await using var stream = await response.Content.ReadAsStreamAsync(Cancelled);
        var buffer = new byte[100];
        Assert.True(await stream.ReadAsync(buffer, Cancelled) > 0);

        // The fixture's drain time is 5 s: a watch never ends by itself, and is cut then.
        await Server.App.StopAsync(Cancelled).WaitAsync(Bound, Cancelled);

        await ReadToTheEndAsync(stream).WaitAsync(Bound, Cancelled);
        await aborted.Task.WaitAsync(Bound, Cancelled);
    }

    [Fact]
    public async Task AnOperationThatEndsInTime_IsAnsweredWhole()
    {
        var (entered, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        await ConnectAsync(async context =>
        {
            await context.Response.WriteAsync("first half, ");
            await context.Response.Body.FlushAsync();
            entered.TrySetResult();
            await go.Task;
            await context.Response.WriteAsync("second half");
        });
        using var response = await GetAsync("/api/v1/pods");
        await entered.Task.WaitAsync(Bound, Cancelled);

        var stop = Server.App.StopAsync(Cancelled);
        await Expect.EventuallyAsync("the server is stopping", () => Task.FromResult(
            Server.Get<Planton.Server.Hosting.ServerState>().Current == Planton.Server.Hosting.ServerState.Phase.Stopping));
        Assert.False(stop.IsCompleted);
        go.SetResult();

        Assert.Equal("first half, second half", await response.Content.ReadAsStringAsync(Cancelled).WaitAsync(Bound, Cancelled));
        await stop.WaitAsync(Bound, Cancelled);
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

        // Nobody reads: the windows fill, and what is written stands still.
        await Server.App.StopAsync(Cancelled).WaitAsync(Bound, Cancelled);

        foreach (var response in responses)
            response.Dispose();
    }

    [Fact]
    public async Task TheRunnerIsToldToGo_AndNoOperationIsTakenAfterwards()
    {
        var runner = await ConnectAsync(_ => Task.CompletedTask);
        Assert.Equal(Planton.Tunnel.Links.LinkState.Ready, runner.Link.Status.State);
        var url = new Uri($"{Server.Url}kubernetes/default/cluster/api");
        var client = Server.HttpClient(Server.AdminKey);

        await Server.App.StopAsync(Cancelled).WaitAsync(Bound, Cancelled);

        await Expect.EventuallyAsync("the runner notices", () => Task.FromResult(runner.Link.Status.State != Planton.Tunnel.Links.LinkState.Ready));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(url, Cancelled));
    }

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

    private static async Task ReadToTheEndAsync(Stream stream)
    {
        var buffer = new byte[1024];
        try
        {
            while (await stream.ReadAsync(buffer, Cancelled) > 0)
            {
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            // Cut: an end that no client takes for the end of an answer.
        }
    }
}
