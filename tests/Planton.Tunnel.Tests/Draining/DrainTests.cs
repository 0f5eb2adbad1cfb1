using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Planton.Testing;
using Planton.Tunnel.Links;
using Planton.Tunnel.Tests.Fixtures;

namespace Planton.Tunnel.Tests.Draining;

public sealed class DrainTests : TunnelTest
{
    // For a slow machine, and well below the limits when none is set: 10 s and 20 s.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

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
        var limit = TimeSpan.FromMilliseconds(300);
        var started = new TaskCompletionSource();
        var (gateway, runner, _) = await ConnectAsync(context => ForeverAsync(context, started), options => options.DrainTimeout = limit);
        Logs.ExpectError(record => record.Exception is OperationCanceledException);
        // With a lease: the gateway would close a link that has none at once.
        var pending = WithLeaseAsync(gateway, "/forever");
        await started.Task.WaitAsync(Eventually.DefaultTimeout, Cancelled);

        var began = Stopwatch.GetTimestamp();
        await runner.StopAsync().WaitAsync(Eventually.DefaultTimeout, Cancelled);
        var took = Stopwatch.GetElapsedTime(began);

        Assert.InRange(took, limit, limit + Slack);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => pending.WaitAsync(Eventually.DefaultTimeout, Cancelled));
        await Eventually.BecomesTrueAsync(() => gateway.Registry.Count == 0, "the tunnel is gone", cancellationToken: Cancelled);
    }

    [Fact]
    public async Task WhenTheGatewayDrainsATunnel_TheRunnerDialsTheNextOne_WhileTheOldEnds()
    {
        var started = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var (gateway, _, tunnel) = await ConnectAsync(async context =>
        {
            if (context.Request.Path == "/slow")
            {
                started.TrySetResult();
                await release.Task;
            }

            await context.Response.WriteAsync("done");
        });
        var pending = WithLeaseAsync(gateway, "/slow");
        await started.Task.WaitAsync(Eventually.DefaultTimeout, Cancelled);

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
        var limit = TimeSpan.FromMilliseconds(300);
        var started = new TaskCompletionSource();
        var (gateway, _, _) = await ConnectAsync(context => ForeverAsync(context, started), configureGateway: options => options.DrainTimeout = limit);
        Logs.ExpectError(record => record.Exception is OperationCanceledException);
        var pending = WithLeaseAsync(gateway, "/forever");
        await started.Task.WaitAsync(Eventually.DefaultTimeout, Cancelled);

        var began = Stopwatch.GetTimestamp();
        await gateway.Gateway.StopAsync(Cancelled).WaitAsync(Eventually.DefaultTimeout, Cancelled);
        var took = Stopwatch.GetElapsedTime(began);

        Assert.InRange(took, limit, limit + Slack);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => pending.WaitAsync(Eventually.DefaultTimeout, Cancelled));
        Assert.Equal(0, gateway.Registry.Count);
    }

    [Fact]
    public async Task ADrainAsksTheRunnerToWait_AndItDoes()
    {
        const string OtherRunner = "other";
        var (gateway, runner, tunnel) = await ConnectAsync();
        await StartRunnerAsync(gateway.EndPoint, configure: options =>
            options.Certificate = Authority.IssueRunner($"spiffe://{TestAuthority.TestTrustDomain}/org/org-1/runner/{OtherRunner}"));
        var otherTunnel = await gateway.TunnelAsync(tunnel);

        await tunnel.DrainAsync(TimeSpan.FromMinutes(1), Cancelled);
        await Eventually.BecomesTrueAsync(() => gateway.Registry.Of(TestRunner.RunnerId).IsEmpty, "the link ended", cancellationToken: Cancelled);
        // What the first does not do in a minute, the other, which is asked for no wait, has done a few times meanwhile.
        for (var round = 0; round < 5; round++)
        {
            await otherTunnel.DrainAsync(TimeSpan.Zero, Cancelled);
            otherTunnel = await gateway.TunnelAsync(otherTunnel);
        }

        Assert.Single(gateway.Admission.Ready, t => t.Identity.RunnerId == TestRunner.RunnerId);
        Assert.NotEqual(LinkState.Ready, runner.Link.Status.State);
    }

    [Fact]
    public async Task WhatTheGatewayAborts_IsLoggedWithTheTimeThatPassed_AndNotWithTheLimit()
    {
        var (gateway, runner, tunnel) = await ConnectAsync(configureGateway: options => options.DrainTimeout = TimeSpan.FromMilliseconds(300));
        // As of a slow reader: the runner has no operation any more, and ends the link after its two seconds.
        using var lease = gateway.Registry.TryBeginOperation(TestRunner.RunnerId);
        var began = Stopwatch.GetTimestamp();
        var stopping = runner.StopAsync();

        var (seconds, operations) = await AbortedAsync($"Tunnel {tunnel.Id}: ");

        Assert.InRange(seconds, 2.0, Stopwatch.GetElapsedTime(began).TotalSeconds + 0.1);
        Assert.Equal(1, operations);
        await stopping.WaitAsync(Eventually.DefaultTimeout, Cancelled);
    }

    [Fact]
    public async Task WhatTheRunnerAborts_IsLoggedWithTheTimeThatPassed_AndNotWithTheLimit()
    {
        var started = new TaskCompletionSource();
        var (gateway, runner, tunnel) = await ConnectAsync(
            context => ForeverAsync(context, started), options => options.DrainTimeout = TimeSpan.FromMilliseconds(300));
        Logs.ExpectError(record => record.Exception is OperationCanceledException);
        using var lease = gateway.Registry.TryBeginOperation(TestRunner.RunnerId);
        var began = Stopwatch.GetTimestamp();
        var stopping = runner.StopAsync();
        await Eventually.BecomesTrueAsync(() => tunnel.State == LinkState.Draining, "the gateway hears of it", cancellationToken: Cancelled);
        // On its way while the runner had none: it arrives in the two seconds in which the runner waits for such.
        var late = tunnel.GetStringAsync("/forever");
        await started.Task.WaitAsync(Eventually.DefaultTimeout, Cancelled);

        var (seconds, operations) = await AbortedAsync("");

        Assert.InRange(seconds, 2.0, Stopwatch.GetElapsedTime(began).TotalSeconds + 0.1);
        Assert.Equal(1, operations);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => late.WaitAsync(Eventually.DefaultTimeout, Cancelled));
        await stopping.WaitAsync(Eventually.DefaultTimeout, Cancelled);
    }

    [Fact]
    public async Task WhatAGatewayAborts_WhoseHostDoesNotWait_IsLogged()
    {
        var started = new TaskCompletionSource();
        var (gateway, _, _) = await ConnectAsync(context => ForeverAsync(context, started), configureGateway: options => options.DrainTimeout = TimeSpan.FromMinutes(1));
        Logs.ExpectError(record => record.Exception is OperationCanceledException);
        var pending = WithLeaseAsync(gateway, "/forever");
        await started.Task.WaitAsync(Eventually.DefaultTimeout, Cancelled);
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await gateway.Gateway.StopAsync(patience.Token).WaitAsync(Eventually.DefaultTimeout, Cancelled);

        var (seconds, operations) = await AbortedAsync("");
        Assert.InRange(seconds, 0.2, 10);
        Assert.Equal(1, operations);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => pending.WaitAsync(Eventually.DefaultTimeout, Cancelled));
    }

    private async Task<(double Seconds, int Operations)> AbortedAsync(string prefix)
    {
        var record = await Logs.WaitForAsync(
            record => record.Message.StartsWith(prefix, StringComparison.Ordinal) && record.Message.Contains(" s of draining", StringComparison.Ordinal),
            "that operations were aborted", cancellationToken: Cancelled);
        var match = Regex.Match(record.Message, @"(\d+) operations .* (\d+(?:\.\d+)?) s of draining");
        Assert.True(match.Success, record.Message);
        return (double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture), int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
    }

    private static Task ForeverAsync(HttpContext context, TaskCompletionSource started)
    {
        started.TrySetResult();
        return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
    }

    private static async Task<string> WithLeaseAsync(TestGateway gateway, string path = "/")
    {
        using var lease = gateway.Registry.TryBeginOperation(TestRunner.RunnerId) ?? throw new InvalidOperationException("no tunnel");
        return await lease.Tunnel.GetStringAsync(path);
    }
}
