using Microsoft.Extensions.Time.Testing;
using Planton.Runner.Health;
using Planton.Runner.Operations;

namespace Planton.Runner.Tests;

public sealed class TunnelProbeTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly OperationsGate _gate = new();
    private int _asked;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ARunnerThatHasNotAuthenticatedIsNotReadyAndAsksNothing()
    {
        using var probe = Probe(_ => Task.FromResult(TimeSpan.Zero));
        Assert.StartsWith("starting", await probe.CheckAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(0, _asked);
    }

    [Fact]
    public async Task ManyProbesShareOneRoundTripIn5Seconds()
    {
        _gate.Open();
        using var probe = Probe(_ => Task.FromResult(TimeSpan.Zero));
        for (var i = 0; i < 10; i++)
            Assert.Null(await probe.CheckAsync(Cancel));
        Assert.Equal(1, _asked);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(await probe.CheckAsync(Cancel));
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task AGatewayThatDoesNotAnswerIn3SecondsIsNotReady()
    {
        _gate.Open();
        using var probe = Probe(_ => new TaskCompletionSource<TimeSpan>().Task);
        var check = probe.CheckAsync(Cancel);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Contains("did not answer through the tunnel within 3 s", await check, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABrokenTunnelIsNotReady_UntilARoundTripSucceeds()
    {
        _gate.Open();
        var broken = true;
        using var probe = Probe(_ => broken ? throw new IOException("the tunnel is not connected") : Task.FromResult(TimeSpan.Zero));
        Assert.Equal("the tunnel is not connected", await probe.CheckAsync(Cancel));
        broken = false;
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(await probe.CheckAsync(Cancel));
    }

    private TunnelProbe Probe(Func<CancellationToken, Task<TimeSpan>> roundTrip) => new(
        token =>
        {
            _asked++;
            return roundTrip(token);
        },
        _gate,
        _time);
}
