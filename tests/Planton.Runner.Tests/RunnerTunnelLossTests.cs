using System.Net;
using Planton.Runner.Tests.Fixtures;
using Planton.Testing;
using Planton.Testing.Network;
using Planton.Tunnel.Protocol;

namespace Planton.Runner.Tests;

/// <summary>The tunnel falls silent or is cut, by the program as a process.</summary>
public sealed class RunnerTunnelLossTests : IAsyncLifetime
{
    private RunnerScene _scene = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _scene = await RunnerScene.StartAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task WhenTheTunnelFallsSilentItIsAliveButNotReady_AndReadyAgainWhenTheNetworkIsBack()
    {
        await using var network = TcpForwarder.Start(_scene.Gateway.Address);
        var health = FreePort.Find();
        await using var runner = _scene.Start(["--health", $"127.0.0.1:{health}"], tunnel: network.Address);
        await RunnerScene.ReadyAsync(runner, Cancel);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{health}/") };
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(http, "healthz/ready")).Status);

        network.Stall();
        await Eventually.BecomesTrueAsync(
            async () => (await AskAsync(http, "healthz/ready")).Status == HttpStatusCode.ServiceUnavailable, "it is not ready", RunnerScene.Limit, Cancel);
        var why = await AskAsync(http, "healthz/ready");
        var live = await AskAsync(http, "healthz/live");
        network.Resume();
        network.Cut();
        await Eventually.BecomesTrueAsync(
            async () => (await AskAsync(http, "healthz/ready")).Status == HttpStatusCode.OK, "it is ready again", RunnerScene.Limit, Cancel);

        Assert.NotEqual("ok\n", why.Text);
        Assert.Equal((HttpStatusCode.OK, "ok\n"), live);
        Assert.False(runner.HasExited);
    }

    [Fact]
    public async Task ManyProbesOfAStalledTunnelAreAnsweredInTime_AndLivenessIsNotHeldUp()
    {
        await using var network = TcpForwarder.Start(_scene.Gateway.Address);
        var health = FreePort.Find();
        await using var runner = _scene.Start(["--health", $"127.0.0.1:{health}"], tunnel: network.Address);
        await RunnerScene.ReadyAsync(runner, Cancel);
        network.Stall();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{health}/") };

        var probes = Enumerable.Range(0, 30).Select(_ => AskAsync(http, "healthz/ready")).ToArray();
        var live = await AskAsync(http, "healthz/live").WaitAsync(TimeSpan.FromSeconds(2), Cancel);

        Assert.Equal(HttpStatusCode.OK, live.Status);
        // All share one round trip of at most 3 seconds.
        var answers = await Task.WhenAll(probes).WaitAsync(TimeSpan.FromSeconds(8), Cancel);
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.ServiceUnavailable, a.Status));
    }

    [Fact]
    public async Task ATunnelThatIsCutIsDialledAgain_AndARevocationMeanwhileIsFinal()
    {
        await using var network = TcpForwarder.Start(_scene.Gateway.Address);
        await using var runner = _scene.Start([], tunnel: network.Address);
        await RunnerScene.ReadyAsync(runner, Cancel);
        network.Cut();
        await Eventually.BecomesTrueAsync(() => network.ConnectionsAccepted > 1 && _scene.Gateway.Registry.Count == 1, "it has dialled again", cancellationToken: Cancel);

        _scene.Gateway.Refusal = new LinkRefusal(RefusalCode.Revoked, "revoked while away");
        network.Cut();

        Assert.Equal(ExitCode.Refused, await runner.WaitForExitAsync(RunnerScene.Limit, Cancel));
        Assert.Contains("Step 'run'", runner.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Contains("revoked while away", runner.ErrorLines[^1], StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode Status, string Text)> AskAsync(HttpClient http, string path)
    {
        using var response = await http.GetAsync(path, Cancel);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }
}
