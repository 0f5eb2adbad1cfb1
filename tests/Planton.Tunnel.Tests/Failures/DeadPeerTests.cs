using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Planton.Testing;
using Planton.Testing.Network;
using Planton.Tunnel.Gateway;
using Planton.Tunnel.Links;
using Planton.Tunnel.Runner;
using Planton.Tunnel.Tests.Fixtures;

namespace Planton.Tunnel.Tests.Failures;

/// <summary>One end is gone without a word. Times are measured: nothing else runs beside.</summary>
[Collection(nameof(Alone))]
public sealed class DeadPeerTests : TunnelTest
{
    private static readonly TimeSpan NoticedWithin = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task WhenTheNetworkSwallowsEverything_BothEndsNotice_PendingRequestsFail_AndTheRunnerComesBack()
    {
        // The limits that ship, not the tests' short ones: what is promised is under 10 s.
        var shipped = new TunnelRunnerOptions { Host = "", Port = 0, Certificate = null!, TrustedRoots = [], Greeting = null! };
        var defaults = new TunnelGatewayOptions { ListenOn = new(System.Net.IPAddress.Loopback, 0) };
        var gateway = await StartGatewayAsync(options => (options.KeepAliveDelay, options.KeepAliveTimeout) = (defaults.KeepAliveDelay, defaults.KeepAliveTimeout));
        var forwarder = Started(TcpForwarder.Start(gateway.EndPoint));
        var runner = await StartRunnerAsync(forwarder.EndPoint, WaitForever, options =>
            (options.KeepAliveDelay, options.KeepAliveTimeout) = (shipped.KeepAliveDelay, shipped.KeepAliveTimeout));
        var tunnel = await gateway.TunnelAsync();
        var pending = tunnel.SendAsync(HttpMethod.Get, "/wait");
        await Eventually.BecomesTrueAsync(() => runner.Link.Status.State == LinkState.Ready, "the runner is ready", cancellationToken: Cancelled);

        forwarder.Stall();
        var began = Stopwatch.GetTimestamp();
        await Assert.ThrowsAsync<HttpRequestException>(() => pending.WaitAsync(Eventually.DefaultTimeout, Cancelled));
        await Eventually.BecomesTrueAsync(() => tunnel.State == LinkState.Closed, "the gateway notices", cancellationToken: Cancelled);
        var gatewayNoticed = Stopwatch.GetElapsedTime(began);
        await Eventually.BecomesTrueAsync(() => runner.Link.Status.LastFailure == DialFailure.Lost, "the runner notices", cancellationToken: Cancelled);
        var runnerNoticed = Stopwatch.GetElapsedTime(began);

        Assert.InRange(gatewayNoticed, TimeSpan.FromSeconds(1), NoticedWithin);
        Assert.InRange(runnerNoticed, TimeSpan.FromSeconds(1), NoticedWithin);
        Assert.Empty(gateway.Registry.Of(TestRunner.RunnerId));
        forwarder.Resume();
        await gateway.TunnelAsync();
    }

    [Fact]
    public async Task WhenTheTunnelIsCut_PendingRequestsFail_NewOnesAreNotSent_AndTheRunnerComesBack()
    {
        var gateway = await StartGatewayAsync();
        var forwarder = Started(TcpForwarder.Start(gateway.EndPoint));
        var runner = await StartRunnerAsync(forwarder.EndPoint, WaitForever);
        var tunnel = await gateway.TunnelAsync();
        var pending = tunnel.SendAsync(HttpMethod.Get, "/wait");

        forwarder.Cut();

        var lost = await Assert.ThrowsAsync<HttpRequestException>(() => pending.WaitAsync(Eventually.DefaultTimeout, Cancelled));
        Assert.False(TunnelClosedException.IsIn(lost), "a request that was sent must not look as if it was not");
        await Eventually.BecomesTrueAsync(() => tunnel.State == LinkState.Closed, "the tunnel is closed", cancellationToken: Cancelled);
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => tunnel.SendAsync(HttpMethod.Get, "/new"));
        Assert.True(TunnelClosedException.IsIn(refused), $"a request that was not sent must say so: {refused}");
        Assert.NotEqual(tunnel.Id, (await gateway.TunnelAsync(tunnel)).Id);
        Assert.Equal(LinkState.Ready, runner.Link.Status.State);
        Assert.Equal(tunnel, Assert.Single(gateway.Admission.Closed));
    }

    [Fact]
    public async Task WhenTheGatewayIsAway_TheRunnerKeepsDialling_AndIsThereWhenItIsBack()
    {
        var gateway = await TestGateway.StartAsync(Authority, Logs);
        var endPoint = gateway.EndPoint;
        var runner = await StartRunnerAsync(endPoint);
        await gateway.TunnelAsync();

        await gateway.DisposeAsync();
        await Eventually.BecomesTrueAsync(() => runner.Link.Status.LastFailure == DialFailure.Refused, "dials are refused", cancellationToken: Cancelled);
        var again = await StartGatewayAsync(listenOn: endPoint);

        await again.TunnelAsync();
        await Eventually.BecomesTrueAsync(() => runner.Link.Status.State == LinkState.Ready, "the runner is ready", cancellationToken: Cancelled);
    }

    [Fact]
    public async Task AnIdleTunnel_StaysOpen()
    {
        // An infinite idle limit of the runner's server closes idle connections at its next one-second tick.
        var (gateway, _, tunnel) = await ConnectAsync();

        await Task.Delay(TimeSpan.FromSeconds(2.5), TimeProvider.System, Cancelled);

        Assert.Equal(tunnel, Assert.Single(gateway.Registry.All));
        Assert.Equal("GET /after", await tunnel.GetStringAsync("/after"));
    }

    [Fact]
    public async Task ALinkThatIsNeverOpened_IsGivenUp()
    {
        // A server that shakes hands and then says nothing: the forwarder swallows what follows the handshake.
        var gateway = await StartGatewayAsync();
        var forwarder = Started(TcpForwarder.Start(gateway.EndPoint));
        gateway.Admission.Decide = _ =>
        {
            forwarder.Stall(FlowDirections.FromTarget);
            return null;
        };
        var runner = await StartRunnerAsync(forwarder.EndPoint, configure: options =>
        {
            options.GreetingTimeout = TimeSpan.FromMilliseconds(300);
            options.KeepAliveDelay = TimeSpan.FromMinutes(1);
        });

        await Eventually.BecomesTrueAsync(
            () => runner.Link.Status.LastFailure == DialFailure.ClosedBeforeGreeting, "the runner gives the link up", cancellationToken: Cancelled);
        await Logs.WaitForAsync(r => r.Message.Contains("did not open the link within", StringComparison.Ordinal), "did not open the link", cancellationToken: Cancelled);
    }

    [Fact]
    public async Task ARoundTrip_FailsWhenThereIsNoLink_AndWhenItBreaksMeanwhile()
    {
        var gateway = await StartGatewayAsync();
        var forwarder = Started(TcpForwarder.Start(gateway.EndPoint));
        var runner = await StartRunnerAsync(forwarder.EndPoint);
        await gateway.TunnelAsync();
        forwarder.Stall();
        var pending = runner.Link.RoundTripAsync(Cancelled);

        await forwarder.RefuseNewConnectionsAsync();
        forwarder.Cut();

        await Assert.ThrowsAsync<IOException>(() => pending.WaitAsync(Eventually.DefaultTimeout, Cancelled));
        await Eventually.BecomesTrueAsync(() => runner.Link.Status.State != LinkState.Ready, "the link is down", cancellationToken: Cancelled);
        await Assert.ThrowsAsync<IOException>(() => runner.Link.RoundTripAsync(Cancelled));
    }

    private static async Task WaitForever(HttpContext context)
    {
        var aborted = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(() => aborted.TrySetResult());
        await aborted.Task;
    }
}
