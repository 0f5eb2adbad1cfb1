using System.Net;
using System.Net.Sockets;
using Planton.Runner.Tests.Fixtures;
using Planton.Testing.Network;
using Planton.Testing.Processes;
using Planton.Testing.Programs;
using Planton.Tunnel.Protocol;

namespace Planton.Runner.Tests;

/// <summary>Why the program ends, and with which code.</summary>
public sealed class RunnerExitTests : RunnerProgramTest
{
    [Fact]
    public async Task ARevokedKeyAnotherRunnersKeyAndAUsersKeyEndTheStartWith4()
    {
        foreach (var (caller, why) in new[]
        {
            (null, "does not accept the API key: this API key was revoked"),
            (TestControlPlane.RunnerAccount("org-2", TestIdentity.Runner), "wrong organization"),
            (TestControlPlane.RunnerAccount("org-1", "runner-2"), "wrong runner"),
            (TestControlPlane.RunnerAccount("org-1", "x") with { Runner = null, Kind = "user" }, "wrong runner: the API key belongs to the user"),
        })
        {
            ControlPlane.Caller = caller;
            await using var runner = Start();
            Assert.Equal(4, await runner.WaitForExitAsync(Limit, Cancel));
            AssertEnded(runner, "Step 'authenticate with the control plane'", why);
        }
    }

    [Fact]
    public async Task ARefusalOfTheGatewayEndsTheStartWith4()
    {
        Gateway.Refusal = new LinkRefusal(RefusalCode.Revoked, "the credential was revoked yesterday");
        await using var runner = Start();
        Assert.Equal(4, await runner.WaitForExitAsync(Limit, Cancel));
        AssertEnded(runner, "Step 'establish the tunnel'", "the credential was revoked yesterday");
    }

    [Fact]
    public async Task ARevocationWhileItRunsEndsItWith4()
    {
        await using var runner = Start();
        await ReadyAsync(runner);
        await Gateway.Registry.All.Single().RefuseAsync(new LinkRefusal(RefusalCode.Revoked, "regenerated"), Cancel);
        Assert.Equal(4, await runner.WaitForExitAsync(Limit, Cancel));
        AssertEnded(runner, "Step 'run'", "regenerated");
    }

    [Fact]
    public async Task AGatewayThatIsNotThereEndsTheStartWith5AndTheLastError()
    {
        await using var runner = Start(new TestCredentials(Authority) { Tunnel = $"127.0.0.1:{FreePort.Find()}", ControlPlane = Api.Url }, "--start-timeout", "5s");
        Assert.Equal(5, await runner.WaitForExitAsync(Limit, Cancel));
        AssertEnded(runner, "Step 'establish the tunnel'", "could not be reached within --start-timeout (5 s");
    }

    [Fact]
    public async Task AControlPlaneThatIsNotThereEndsTheStartWith5AndTheLastError()
    {
        await using var runner = Start(new TestCredentials(Authority) { Tunnel = Gateway.Address, ControlPlane = $"https://127.0.0.1:{FreePort.Find()}" }, "--start-timeout", "5s");
        Assert.Equal(5, await runner.WaitForExitAsync(Limit, Cancel));
        AssertEnded(runner, "Step 'authenticate with the control plane'", "refused the connection");
    }

    [Fact]
    public async Task ABusyHealthPortIsAClearFault()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = listener.LocalEndpoint.ToString()!;
        await using var runner = Start("--health", address);
        Assert.Equal(2, await runner.WaitForExitAsync(Limit, Cancel));
        AssertEnded(runner, "Step 'listen for health checks'", $"--health {address} is in use");
    }

    [Fact]
    public async Task BadCommandLinesAndFilesEndWith2AndSayWhy()
    {
        var environment = Environment();
        foreach (var (arguments, why) in new (string[], string)[]
        {
            (["start", "--start-timeout", "soon"], "--start-timeout"),
            (["start", "--health", "nowhere"], "--health"),
            (["start", "--no-such-flag"], "--no-such-flag"),
            (["start"], "no credentials are given"),
            (["start", "--credentials-file", "/nonexistent"], "does not exist"),
            (["start", "--state-dir", "/proc/nope"], "--state-dir"),
        })
        {
            var result = await ProgramProcess.RunAsync(ProgramFiles.Runner, arguments, environment, timeout: Limit, cancellationToken: Cancel);
            Assert.Equal(2, result.ExitCode);
            Assert.Contains(why, result.Error, StringComparison.Ordinal);
        }
    }
}
