using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Planton.Runner.Tests.Fixtures;
using Planton.Testing;
using Planton.Testing.Network;
using Planton.Testing.Processes;
using Planton.Tunnel.Protocol;

namespace Planton.Runner.Tests;

/// <summary>Stopping, losing the tunnel, readiness and revocation, by the program as a process.</summary>
public sealed class RunnerLifeTests : IAsyncLifetime
{
    private RunnerScene _scene = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _scene = await RunnerScene.StartAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task AStopLetsWhatIsUnderWayEnd_AndTheRunnerEndsAsSoonAsItHas()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var target = await TestTarget.StartAsync(_scene.Authority.Server(), async context =>
        {
            await context.Response.WriteAsync("first ");
            await context.Response.Body.FlushAsync();
            await go.Task.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync("last");
        });
        await using var runner = _scene.Start(["--kubeconfig", _scene.KubeConfig(target.Url), "--drain-timeout", "60s"]);
        await RunnerScene.ReadyAsync(runner, Cancel);
        // The gateway closes a link that drains when no lease is left.
        var lease = _scene.Gateway.Registry.TryBeginOperation(TestIdentity.Runner);
        using var response = await _scene.Gateway.SendAsync(TestOperation.Get("/kubernetes/log"), Cancel);

        runner.Signal(ProcessSignal.Terminate);
        await runner.WaitForLineAsync(l => l.Contains("Stopping", StringComparison.Ordinal), "that it stops", RunnerScene.Limit, Cancel);
        await Eventually.BecomesTrueAsync(
            () => _scene.Gateway.Registry.TryBeginOperation(TestIdentity.Runner) is null, "the gateway gives it nothing new", cancellationToken: Cancel);
        Assert.False(runner.HasExited);
        go.SetResult();

        Assert.Equal("first last", await response.Content.ReadAsStringAsync(Cancel).WaitAsync(RunnerScene.Limit, Cancel));
        lease!.Dispose();
        Assert.Equal(0, await runner.WaitForExitAsync(TimeSpan.FromSeconds(20), Cancel));
    }

    [Fact]
    public async Task AStopWhileStartingEndsWith0AndAtOnce()
    {
        await using var runner = _scene.Start(["--start-timeout", "60s"], tunnel: $"127.0.0.1:{TestOperation.FreePort()}");
        await runner.WaitForLineAsync(l => l.Contains("Step 1 of 2", StringComparison.Ordinal), "step 1", RunnerScene.Limit, Cancel);
        runner.Signal(ProcessSignal.Terminate);
        Assert.Equal(0, await runner.WaitForExitAsync(TimeSpan.FromSeconds(15), Cancel));
    }

    [Fact]
    public async Task WhenTheTunnelFallsSilentItIsAliveButNotReady_AndReadyAgainWhenTheNetworkIsBack()
    {
        await using var network = TcpForwarder.Start(_scene.Gateway.Address);
        var health = TestOperation.FreePort();
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
        var health = TestOperation.FreePort();
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

    [Theory]
    [InlineData("revoked")]
    [InlineData("expired")]
    [InlineData("unknown_runner")]
    public async Task AFinalRefusalWhileItRunsCutsItsWatchesAndEndsItWith4(string code)
    {
        await using var target = await TestTarget.StartAsync(_scene.Authority.Server(), async context =>
        {
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        await using var runner = _scene.Start(["--kubeconfig", _scene.KubeConfig(target.Url), "--drain-timeout", "2s"]);
        await RunnerScene.ReadyAsync(runner, Cancel);
        using var watch = await _scene.Gateway.SendAsync(TestOperation.Get("/kubernetes/watch"), Cancel);
        await using var events = await watch.Content.ReadAsStreamAsync(Cancel);

        await _scene.Gateway.Registry.All.Single().RefuseAsync(new LinkRefusal(code, "not any more"), Cancel);

        await Assert.ThrowsAnyAsync<Exception>(() => events.CopyToAsync(Stream.Null, Cancel).WaitAsync(TimeSpan.FromSeconds(10), Cancel));
        Assert.Equal(ExitCode.Refused, await runner.WaitForExitAsync(RunnerScene.Limit, Cancel));
        Assert.Contains($"({code}): not any more", runner.ErrorLines[^1], StringComparison.Ordinal);
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

    [Fact]
    public async Task ARefusalThatMayPassIsTriedAgain()
    {
        _scene.Gateway.Refusal = new LinkRefusal(RefusalCode.Busy, "full");
        await using var runner = _scene.Start(["--log-level", "debug"]);
        await runner.WaitForLineAsync(l => l.Contains("Step 1 of 2", StringComparison.Ordinal), "step 1", RunnerScene.Limit, Cancel);
        _scene.Gateway.Refusal = null;
        await RunnerScene.ReadyAsync(runner, Cancel);
    }

    [Theory]
    [InlineData("dns", "does not resolve")]
    [InlineData("closed", "refuses connections")]
    [InlineData("silent", "under way|no answer")]
    [InlineData("stranger", "is not from the control plane's authority")]
    [InlineData("busy", "full up")]
    [InlineData("proxy", "refuses|refused|proxy")]
    [InlineData("no-tls", "TLS handshake")]
    public async Task ATunnelThatCannotBeEstablishedInTimeEndsWith5_AndTheStage(string kind, string expected)
    {
        using var other = new TestAuthority("Somebody Else");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var plain = await PlainAsync();
        var tunnel = kind switch
        {
            "dns" => "no-such-host.invalid:443",
            "closed" => $"127.0.0.1:{TestOperation.FreePort()}",
            "silent" => listener.LocalEndpoint.ToString(),
            "proxy" => "gateway.test:443",
            "no-tls" => $"127.0.0.1:{plain.Port}",
            _ => null,
        };
        if (kind == "busy")
            _scene.Gateway.Refusal = new LinkRefusal(RefusalCode.Busy, "full up");
        if (kind == "proxy")
            _scene.Environment["HTTPS_PROXY"] = $"http://user:hunter2-hunter2@127.0.0.1:{TestOperation.FreePort()}";
        await using var runner = _scene.Start(["--start-timeout", "1500ms"], tunnel, trusts: kind == "stranger" ? other : null);

        Assert.Equal(ExitCode.Unreachable, await runner.WaitForExitAsync(RunnerScene.Limit, Cancel));
        var last = runner.ErrorLines[^1];
        Assert.Contains("Step 'establish the tunnel'", last, StringComparison.Ordinal);
        Assert.Contains("within --start-timeout (1.5 s", last, StringComparison.Ordinal);
        Assert.Matches(expected, last);
        Assert.DoesNotContain(runner.ErrorLines, l => l.Contains("hunter2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("192.0.2.1:0", "cannot be listened at")]
    [InlineData("[2001:db8::1]:0", "cannot be listened at")]
    public async Task AHealthAddressThatIsNotThisMachinesIsAClearFault(string address, string expected)
    {
        await using var runner = _scene.Start(["--health", address]);
        Assert.Equal(ExitCode.Configuration, await runner.WaitForExitAsync(RunnerScene.Limit, Cancel));
        Assert.Contains("Step 'listen for health checks'", runner.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Contains(expected, runner.ErrorLines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(runner.ErrorLines, l => l.Contains("   at ", StringComparison.Ordinal));
    }

    private static async Task<(HttpStatusCode Status, string Text)> AskAsync(HttpClient http, string path)
    {
        using var response = await http.GetAsync(path, Cancel);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }

    /// <summary>A server of plain HTTP, which answers a TLS greeting with an error.</summary>
    private async Task<OperationHost> PlainAsync() => await OperationHost.StartAsync(_scene.KubeConfig("https://127.0.0.1:1"));
}
