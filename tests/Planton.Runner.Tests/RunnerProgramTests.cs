using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Runner.Tests.Fixtures;
using Planton.Testing;
using Planton.Testing.Processes;
using Planton.Tunnel.Protocol;

namespace Planton.Runner.Tests;

/// <summary>The program as a process of its own, against a real gateway and a real HTTPS control plane.</summary>
public sealed class RunnerProgramTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    private readonly TestAuthority _authority = new();
    private readonly TemporaryFolder _folder = new();
    private readonly TestControlPlane _controlPlane = new();
    private TestGateway _gateway = null!;
    private TestTarget _api = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>PLANTON_RUNNER_PROGRAM names another build of the program, such as the published one.</summary>
    private static string Program =>
        System.Environment.GetEnvironmentVariable("PLANTON_RUNNER_PROGRAM") ?? Path.Combine(AppContext.BaseDirectory, "planton-runner.dll");

    public async ValueTask InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync(_authority);
        _api = await TestTarget.StartAsync(_authority.Server(), _controlPlane.AnswerAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _api.DisposeAsync();
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task ItStartsInTwoPhases_DoesOperations_AndStopsWith0()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        var config = _folder.Write("kube", KubeConfigs.One(target.Url, KubeConfigs.Authority(_authority), "token: the-runners-own-token"));
        var health = FreePort();
        await using var runner = Start("--kubeconfig", config, "--health", $"127.0.0.1:{health}", "--log-level", "debug");
        await ReadyAsync(runner);

        using var response = await _gateway.SendAsync(Operation("/kubernetes/api/v1/pods?limit=5"), Cancel);
        using var foreign = await _gateway.SendAsync(Operation("/kubernetes/api", organization: "org-2"), Cancel);
        using var http = new HttpClient();
        using var ready = await http.GetAsync(new Uri($"http://127.0.0.1:{health}/healthz/ready"), Cancel);
        using var notThere = await http.GetAsync(new Uri($"http://127.0.0.1:{health}/kubernetes/api"), Cancel);

        TestContext.Current.TestOutputHelper?.WriteLine($"resident {runner.ResidentMemoryBytes / 1e6:0.0} MB");
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', runner.ErrorLines));
        Assert.Equal("ok", await response.Content.ReadAsStringAsync(Cancel));
        Assert.Equal("/api/v1/pods?limit=5", target.Seen.Single().RawTarget);
        Assert.Equal(ErrorCode.RefusedByRunner, foreign.ErrorCode());
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, notThere.StatusCode);
        runner.Signal(ProcessSignal.Terminate);
        Assert.Equal(0, await runner.WaitForExitAsync(Limit, Cancel));
        Assert.Empty(runner.OutputLines);
        AssertNoSecrets(runner);
        var said = string.Join('\n', runner.ErrorLines);
        var steps = new[] { "credentials from", "Step 1 of 2", "Step 2 of 2", "accepting operations", "Stopping", "Stopped" };
        Assert.Equal(steps.Order(Comparer<string>.Create((a, b) => said.IndexOf(a, StringComparison.Ordinal) - said.IndexOf(b, StringComparison.Ordinal))), steps);
    }

    [Fact]
    public async Task UntilTheControlPlaneKnowsItNoOperationIsDone_AndItIsNotReady()
    {
        _controlPlane.Hold = new TaskCompletionSource();
        var health = FreePort();
        await using var runner = Start("--health", $"127.0.0.1:{health}");
        await runner.WaitForLineAsync(l => l.Contains("Step 2 of 2", StringComparison.Ordinal), "step 2", Limit, Cancel);

        using var early = await _gateway.SendAsync(Operation("/kubernetes/api"), Cancel);
        using var http = new HttpClient();
        using var live = await http.GetAsync(new Uri($"http://127.0.0.1:{health}/healthz/live"), Cancel);
        using var ready = await http.GetAsync(new Uri($"http://127.0.0.1:{health}/healthz/ready"), Cancel);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, early.StatusCode);
        Assert.Equal(ErrorCode.Unavailable, early.ErrorCode());
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        runner.Signal(ProcessSignal.Interrupt);
        Assert.Equal(0, await runner.WaitForExitAsync(Limit, Cancel));
    }

    [Fact]
    public async Task AControlPlaneThatIsOutForAMomentIsAskedAgain()
    {
        _controlPlane.Outages = 2;
        await using var runner = Start();
        await ReadyAsync(runner);
    }

    [Fact]
    public async Task AnUpgradeGoesThroughTheTunnel()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server(), async context =>
        {
            context.Response.Headers["Planton-Error"] = "forged";
            context.Response.Headers["X-Stream-Protocol-Version"] = "v4.channel.k8s.io";
            context.Response.Headers.Upgrade = "SPDY/3.1";
            using var stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
            await stream.CopyToAsync(stream, context.RequestAborted);
        });
        var config = _folder.Write("kube", KubeConfigs.One(target.Url, KubeConfigs.Authority(_authority), "token: the-runners-own-token"));
        await using var runner = Start("--kubeconfig", config);
        await ReadyAsync(runner);
        using var request = Operation("/kubernetes/api/v1/namespaces/a/pods/p/exec?command=sh");
        request.Method = HttpMethod.Connect;
        request.Headers.Protocol = "SPDY/3.1";
        request.Headers.Add(TunnelProtocol.UpgradeMethodHeader, "POST");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer the-users");

        using var response = await _gateway.SendAsync(request, Cancel);
        await using var stream = await response.Content.ReadAsStreamAsync(Cancel);
        await stream.WriteAsync("spdy"u8.ToArray(), Cancel);
        await stream.FlushAsync(Cancel);
        var back = new byte[4];
        await stream.ReadExactlyAsync(back, Cancel);

        Assert.Equal("spdy", Encoding.UTF8.GetString(back));
        Assert.Null(response.ErrorCode());
        Assert.Equal("v4.channel.k8s.io", response.Headers.GetValues("X-Stream-Protocol-Version").Single());
        var seen = target.Seen.Single();
        Assert.Equal("POST", seen.Method);
        Assert.Equal("Bearer the-runners-own-token", seen.Header("Authorization"));
        Assert.DoesNotContain(seen.Headers.Keys, k => k.StartsWith("Planton-", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task AWebSocketGoesThroughTheTunnel()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server(), async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync("v4.channel.k8s.io");
            var buffer = new byte[100];
            var got = await socket.ReceiveAsync(buffer, context.RequestAborted);
            await socket.SendAsync(buffer.AsMemory(0, got.Count), WebSocketMessageType.Binary, true, context.RequestAborted);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", context.RequestAborted);
        });
        var config = _folder.Write("kube", KubeConfigs.One(target.Url, KubeConfigs.Authority(_authority), "token: the-runners-own-token"));
        await using var runner = Start("--kubeconfig", config);
        await ReadyAsync(runner);
        using var lease = _gateway.Registry.TryBeginOperation(TestIdentity.Runner)!;
        using var client = new ClientWebSocket();
        client.Options.HttpVersion = HttpVersion.Version20;
        client.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        client.Options.AddSubProtocol("v4.channel.k8s.io");
        client.Options.SetRequestHeader(OperationHeaders.Runner, TestIdentity.Runner);
        client.Options.SetRequestHeader(OperationHeaders.Organization, TestIdentity.Org);

        await client.ConnectAsync(new Uri("ws://runner/kubernetes/api/v1/namespaces/a/pods/p/exec?command=a%20b"), lease.Tunnel.Invoker, Cancel);
        await client.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Binary, true, Cancel);
        var buffer = new byte[100];
        var answer = await client.ReceiveAsync(buffer, Cancel);

        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, answer.Count));
        Assert.Equal("v4.channel.k8s.io", client.SubProtocol);
        Assert.Equal("/api/v1/namespaces/a/pods/p/exec?command=a%20b", target.Seen.Single().RawTarget);
        Assert.Equal("Bearer the-runners-own-token", target.Seen.Single().Header("Authorization"));
    }

    [Fact]
    public async Task AWatchThatGoesOnDoesNotHoldUpAStopForLongerThanTheDrainTimeout()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server(), async context =>
        {
            await context.Response.StartAsync(context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });
        var config = _folder.Write("kube", KubeConfigs.One(target.Url, KubeConfigs.Authority(_authority)));
        await using var runner = Start("--kubeconfig", config, "--drain-timeout", "1s");
        await ReadyAsync(runner);
        using var watch = await _gateway.SendAsync(Operation("/kubernetes/api/v1/pods?watch=1"), Cancel);
        await using var events = await watch.Content.ReadAsStreamAsync(Cancel);

        runner.Signal(ProcessSignal.Terminate);

        Assert.Equal(0, await runner.WaitForExitAsync(TimeSpan.FromSeconds(15), Cancel));
    }

    [Fact]
    public async Task AnUpgradeToATargetThatIsNotThereSaysSo()
    {
        var config = _folder.Write("kube", KubeConfigs.One($"https://127.0.0.1:{FreePort()}"));
        await using var runner = Start("--kubeconfig", config);
        await ReadyAsync(runner);
        using var request = Operation("/kubernetes/exec");
        request.Method = HttpMethod.Connect;
        request.Headers.Protocol = "SPDY/3.1";
        request.Headers.Add(TunnelProtocol.UpgradeMethodHeader, "POST");

        using var response = await _gateway.SendAsync(request, Cancel);

        Assert.Equal(ErrorCode.TargetUnreachable, response.ErrorCode());
        Assert.Contains("refused the connection", response.ErrorDetail(), StringComparison.Ordinal);
    }

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
            _controlPlane.Caller = caller;
            await using var runner = Start();
            Assert.Equal(4, await runner.WaitForExitAsync(Limit, Cancel));
            AssertEnded(runner, "Step 'authenticate with the control plane'", why);
        }
    }

    [Fact]
    public async Task ARefusalOfTheGatewayEndsTheStartWith4()
    {
        _gateway.Refusal = new LinkRefusal(RefusalCode.Revoked, "the credential was revoked yesterday");
        await using var runner = Start();
        Assert.Equal(4, await runner.WaitForExitAsync(Limit, Cancel));
        AssertEnded(runner, "Step 'establish the tunnel'", "the credential was revoked yesterday");
    }

    [Fact]
    public async Task ARevocationWhileItRunsEndsItWith4()
    {
        await using var runner = Start();
        await ReadyAsync(runner);
        await _gateway.Registry.All.Single().RefuseAsync(new LinkRefusal(RefusalCode.Revoked, "regenerated"), Cancel);
        Assert.Equal(4, await runner.WaitForExitAsync(Limit, Cancel));
        AssertEnded(runner, "Step 'run'", "regenerated");
    }

    [Fact]
    public async Task AGatewayThatIsNotThereEndsTheStartWith5AndTheLastError()
    {
        await using var runner = Start(new TestCredentials(_authority) { Tunnel = $"127.0.0.1:{FreePort()}", ControlPlane = _api.Url }, "--start-timeout", "2s");
        Assert.Equal(5, await runner.WaitForExitAsync(Limit, Cancel));
        AssertEnded(runner, "Step 'establish the tunnel'", "could not be reached within --start-timeout (2 s");
    }

    [Fact]
    public async Task AControlPlaneThatIsNotThereEndsTheStartWith5AndTheLastError()
    {
        await using var runner = Start(new TestCredentials(_authority) { Tunnel = _gateway.Address, ControlPlane = $"https://127.0.0.1:{FreePort()}" }, "--start-timeout", "2s");
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
            var result = await ProgramProcess.RunAsync(Program, arguments, environment, timeout: Limit, cancellationToken: Cancel);
            Assert.Equal(2, result.ExitCode);
            Assert.Contains(why, result.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task VersionAndHelpGoToStandardOutput()
    {
        var version = await ProgramProcess.RunAsync(Program, ["version"], timeout: Limit, cancellationToken: Cancel);
        var help = await ProgramProcess.RunAsync(Program, ["start", "--help"], timeout: Limit, cancellationToken: Cancel);
        Assert.Matches(@"^\d+\.\d+\.\d+", version.Output);
        Assert.Contains("Examples:", help.Output, StringComparison.Ordinal);
        Assert.Equal((0, 0), (version.ExitCode, help.ExitCode));
    }

    private ProgramProcess Start(params string[] arguments) =>
        Start(new TestCredentials(_authority) { Tunnel = _gateway.Address, ControlPlane = _api.Url }, arguments);

    private ProgramProcess Start(TestCredentials credentials, params string[] arguments)
    {
        var file = TestCredentials.Write(_folder.File("credentials.json"), TestCredentials.Json(credentials.Document()));
        string[] health = arguments.Contains("--health") ? [] : ["--health", "off"];
        return ProgramProcess.Start(Program, ["start", "--credentials-file", file, .. health, .. arguments], Environment());
    }

    private Dictionary<string, string?> Environment() => new()
    {
        ["HOME"] = _folder.FullName,
        ["PLANTON_HOME"] = null,
        ["KUBECONFIG"] = null,
        ["HTTPS_PROXY"] = null,
        ["ASPNETCORE_URLS"] = "http://127.0.0.1:1",
        ["Kestrel__Endpoints__Surprise__Url"] = "http://127.0.0.1:1",
    };

    private static Task<string> ReadyAsync(ProgramProcess runner) =>
        runner.WaitForLineAsync(l => l.Contains("accepting operations", StringComparison.Ordinal), "that it accepts operations", Limit, Cancel);

    private static HttpRequestMessage Operation(string path, string organization = TestIdentity.Org)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "http://runner" + path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Add(OperationHeaders.Runner, TestIdentity.Runner);
        request.Headers.Add(OperationHeaders.Organization, organization);
        return request;
    }

    private static void AssertEnded(ProgramProcess runner, params string[] expected)
    {
        var last = runner.ErrorLines[^1];
        Assert.All(expected, text => Assert.Contains(text, last, StringComparison.Ordinal));
        AssertNoSecrets(runner);
    }

    private static void AssertNoSecrets(ProgramProcess runner)
    {
        foreach (var secret in new[] { "secretsecret", "BEGIN", "the-runners-own-token" })
            Assert.DoesNotContain(runner.ErrorLines, l => l.Contains(secret, StringComparison.Ordinal));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
