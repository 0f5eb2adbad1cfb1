using System.Net;
using System.Net.Sockets;
using Planton.Runner.Tests.Fixtures;
using Planton.Testing.Network;
using Planton.Tunnel.Protocol;

namespace Planton.Runner.Tests;

/// <summary>What keeps the program from starting, and what it says of it.</summary>
public sealed class RunnerStartFaultTests : IAsyncLifetime
{
    private RunnerScene _scene = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _scene = await RunnerScene.StartAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

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
            "closed" => $"127.0.0.1:{FreePort.Find()}",
            "silent" => listener.LocalEndpoint.ToString(),
            "proxy" => "gateway.test:443",
            "no-tls" => $"127.0.0.1:{plain.Port}",
            _ => null,
        };
        if (kind == "busy")
            _scene.Gateway.Refusal = new LinkRefusal(RefusalCode.Busy, "full up");
        if (kind == "proxy")
            _scene.Environment["HTTPS_PROXY"] = $"http://user:hunter2-hunter2@127.0.0.1:{FreePort.Find()}";
        await using var runner = _scene.Start(["--start-timeout", "3s"], tunnel, trusts: kind == "stranger" ? other : null);

        Assert.Equal(ExitCode.Unreachable, await runner.WaitForExitAsync(RunnerScene.Limit, Cancel));
        var last = runner.ErrorLines[^1];
        Assert.Contains("Step 'establish the tunnel'", last, StringComparison.Ordinal);
        Assert.Contains("within --start-timeout (3 s", last, StringComparison.Ordinal);
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

    /// <summary>A server of plain HTTP, which answers a TLS greeting with an error.</summary>
    private async Task<OperationHost> PlainAsync() => await OperationHost.StartAsync(_scene.KubeConfig("https://127.0.0.1:1"));
}
