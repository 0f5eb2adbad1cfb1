using Microsoft.AspNetCore.Http;
using Planton.Testing;
using Planton.Tunnel.Links;
using Planton.Tunnel.Tests.Fixtures;

namespace Planton.Tunnel.Tests.Draining;

public sealed class DrainTests : TunnelTest
{
    [Fact]
    public async Task WhenTheRunnerStops_NothingNewIsSent_AndWhatIsUnderWayEnds()
    {
        var started = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var (gateway, runner, tunnel) = await ConnectAsync(async context =>
        {
            started.TrySetResult();
            await release.Task;
            await context.Response.WriteAsync("finished");
        });
        var pending = WithLeaseAsync(gateway);
        await started.Task.WaitAsync(Eventually.DefaultTimeout, Cancelled);

        var stopping = runner.StopAsync();
        await Eventually.BecomesTrueAsync(() => tunnel.State == LinkState.Draining, "the gateway hears of it", cancellationToken: Cancelled);

        Assert.Null(gateway.Registry.TryBeginOperation(TestRunner.RunnerId));
        Assert.False(pending.IsCompleted);
        Assert.False(stopping.IsCompleted);
        release.SetResult();
        Assert.Equal("finished", await pending.WaitAsync(Eventually.DefaultTimeout, Cancelled));
        await stopping.WaitAsync(Eventually.DefaultTimeout, Cancelled);
        await Eventually.BecomesTrueAsync(() => gateway.Registry.Count == 0, "the tunnel is gone", cancellationToken: Cancelled);
    }

    [Fact]
    public async Task WhenTheRunnerStops_TheLastBytesReachASlowReader()
    {
        const int size = 8 * 1024 * 1024;
        var (gateway, runner, tunnel) = await ConnectAsync(context => context.Response.Body.WriteAsync(new byte[size]).AsTask());
        using var lease = gateway.Registry.TryBeginOperation(TestRunner.RunnerId);
        using var response = await tunnel.SendAsync(HttpMethod.Get, "/large");
        await using var body = await response.Content.ReadAsStreamAsync(Cancelled);
        var total = (long)await body.ReadAsync(new byte[1000], Cancelled);

        var stopping = runner.StopAsync();
        await Eventually.BecomesTrueAsync(() => tunnel.State == LinkState.Draining, "the tunnel drains", cancellationToken: Cancelled);
        var buffer = new byte[64 * 1024];
        while (await body.ReadAsync(buffer, Cancelled) is > 0 and var count)
            total += count;

        Assert.Equal(size, total);
        lease!.Dispose();
        await stopping.WaitAsync(Eventually.DefaultTimeout, Cancelled);
    }

    [Fact]
    public async Task AnOperationThatDoesNotEnd_IsCutAfterTheDrainLimit()
    {
        var (gateway, runner, tunnel) = await ConnectAsync(
            context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted),
            options => options.DrainTimeout = TimeSpan.FromMilliseconds(300));
        Logs.ExpectError(record => record.Exception is OperationCanceledException);
        var pending = tunnel.SendAsync(HttpMethod.Get, "/forever");
        await Eventually.BecomesTrueAsync(() => !pending.IsCompleted, "the operation is under way", cancellationToken: Cancelled);

        await runner.StopAsync().WaitAsync(Eventually.DefaultTimeout, Cancelled);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => pending.WaitAsync(Eventually.DefaultTimeout, Cancelled));
        await Eventually.BecomesTrueAsync(() => gateway.Registry.Count == 0, "the tunnel is gone", cancellationToken: Cancelled);
    }

    [Fact]
    public async Task WhenTheGatewayDrainsATunnel_TheRunnerDialsTheNextOne_WhileTheOldEnds()
    {
        var release = new TaskCompletionSource();
        var (gateway, _, tunnel) = await ConnectAsync(async context =>
        {
            if (context.Request.Path == "/slow")
                await release.Task;
            await context.Response.WriteAsync("done");
        });
        var pending = WithLeaseAsync(gateway, "/slow");
        await Eventually.BecomesTrueAsync(() => tunnel.Operations == 1, "the operation is under way", cancellationToken: Cancelled);

        var draining = tunnel.DrainAsync(TimeSpan.Zero, Cancelled);
        var next = await gateway.TunnelAsync(tunnel);

        Assert.Equal("done", await next.GetStringAsync("/quick"));
        Assert.False(draining.IsCompleted);
        release.SetResult();
        Assert.Equal("done", await pending.WaitAsync(Eventually.DefaultTimeout, Cancelled));
        await draining.WaitAsync(Eventually.DefaultTimeout, Cancelled);
        Assert.Equal(LinkState.Closed, tunnel.State);
    }

    [Fact]
    public async Task WhenTheGatewayStops_OperationsEnd_AndTheDrainLimitIsKept()
    {
        var (gateway, _, tunnel) = await ConnectAsync(
            context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted),
            configureGateway: options => options.DrainTimeout = TimeSpan.FromMilliseconds(300));
        Logs.ExpectError(record => record.Exception is OperationCanceledException);
        var pending = WithLeaseAsync(gateway, "/forever");
        await Eventually.BecomesTrueAsync(() => tunnel.Operations == 1, "the operation is under way", cancellationToken: Cancelled);

        await gateway.Gateway.StopAsync(Cancelled).WaitAsync(Eventually.DefaultTimeout, Cancelled);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => pending.WaitAsync(Eventually.DefaultTimeout, Cancelled));
        Assert.Equal(0, gateway.Registry.Count);
    }

    [Fact]
    public async Task ADrainAsksTheRunnerToWait_AndItDoes()
    {
        var (gateway, runner, tunnel) = await ConnectAsync();

        await tunnel.DrainAsync(TimeSpan.FromMinutes(1), Cancelled);

        await Eventually.BecomesTrueAsync(() => runner.Link.Status.State == LinkState.Closed || gateway.Registry.Count == 0, "the link ended", cancellationToken: Cancelled);
        Assert.Single(gateway.Admission.Ready);
        Assert.NotEqual(LinkState.Ready, runner.Link.Status.State);
    }

    private static async Task<string> WithLeaseAsync(TestGateway gateway, string path = "/")
    {
        using var lease = gateway.Registry.TryBeginOperation(TestRunner.RunnerId) ?? throw new InvalidOperationException("no tunnel");
        return await lease.Tunnel.GetStringAsync(path);
    }
}
