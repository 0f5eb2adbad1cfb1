using System.Diagnostics;
using System.Text;
using Planton.Api.Runners;
using Planton.EndToEnd.Tests.Installations;
using Planton.EndToEnd.Tests.Life;
using Planton.EndToEnd.Tests.Revocation;
using Planton.Testing.Processes;

namespace Planton.EndToEnd.Tests.Failures;

/// <summary>A runner or a server that freezes, dies or restarts, with operations in flight.</summary>
[Collection(nameof(Alone))]
[Trait("Category", "Slow")]
[Trait(RequirementTests.Trait, "R1")]
public sealed class LostPeerTests(LostPeerFixture fixture, ITestOutputHelper output) : IClassFixture<LostPeerFixture>, IAsyncLifetime
{
    private const string Runner = LostPeerFixture.Runner;
    private const string Connection = LostPeerFixture.Connection;
    private const int Failed = 1;
    private const int Unreachable = 5;

    // A stream that has begun cannot become an error with a code: it is aborted, and the client says what it knows.
    private const string WatchLost = "Error: the connection to the control plane was lost during the watch, or the runner's tunnel behind it";

    // docs/protocol.md: a silent peer is noticed in under 10 s. docs/failure-modes.md: the runner is back within 6 s.
    private static readonly TimeSpan NoticedWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BackWithin = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(1);

    // How long a test waits before it gives up; what it asserts is shorter.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly PlantonInstallation _installation = fixture.Installation;
    private readonly RunnerProgram _runner = fixture.Program;
    private Promise _promise = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _promise = await Promise.MeasureAsync(
        output, async () => Assert.Contains("Running", await GetPodsAsync(), StringComparison.Ordinal));

    /// <summary>A test that failed half-way leaves neither frozen nor dead for the next one.</summary>
    public async ValueTask DisposeAsync()
    {
        _runner.Process.Signal(ProcessSignal.Continue);
        _installation.Server.Process.Signal(ProcessSignal.Continue);
        if (_installation.Server.Process.HasExited)
            await _installation.Server.StartAgainAsync(Token);
        if (_runner.Process.HasExited)
            await _runner.StartAgainAsync();
    }

    [Fact]
    public async Task WhenTheRunnerFreezes_PendingOperationsFailInTime_AndItComesBackByItself()
    {
        await using var watch = await StartWatchAsync();
        _runner.Process.Signal(ProcessSignal.Stop);
        var started = Stopwatch.GetTimestamp();

        var result = await TryGetPodsAsync();
        _promise.Holds("a pending get failed", started, NoticedWithin);
        Assert.Equal(Unreachable, result.ExitCode);
        Assert.Contains($"the tunnel to runner \"{Runner}\" broke during the operation. It may have run", result.Error, StringComparison.Ordinal);
        Assert.Contains($"planton runner get {Runner}", result.Error, StringComparison.Ordinal);
        await EndsAsLostAsync(watch, started, NoticedWithin);
        Assert.Contains("disconnected", await _installation.SucceedAsync("runner", "list"), StringComparison.Ordinal);

        _runner.Process.Signal(ProcessSignal.Continue);
        await ComesBackAsync();
    }

    [Fact]
    public async Task WhenTheRunnerIsKilled_ItIsNoticedAtOnce_AndAnotherTakesItsPlace()
    {
        await using var watch = await StartWatchAsync();
        _runner.Process.Signal(ProcessSignal.Kill);
        var started = Stopwatch.GetTimestamp();

        await _installation.RunnerBecomesAsync(Runner, "disconnected", r => r.Status == RunnerStatus.Disconnected, Patience);
        _promise.Holds("noticed", started, AtOnce);
        await EndsAsLostAsync(watch, started, AtOnce);
        var refused = await TryGetPodsAsync();
        Assert.Equal(Unreachable, refused.ExitCode);
        Assert.Contains($"runner \"{Runner}\" of organization \"default\" is unreachable", refused.Error, StringComparison.Ordinal);

        await _runner.StartAgainAsync();
        Assert.Contains("Running", await GetPodsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenTheServerIsStopped_ItExitsWithZero_AndTheRunnerIsBackAfterTheRestart()
    {
        await using var watch = await StartWatchAsync();
        var started = Stopwatch.GetTimestamp();

        await _installation.Server.StopAsync();

        _promise.Holds("the server ended", started, ServerProgram.DrainTimeout + AtOnce);
        await EndsAsLostAsync(watch, started, ServerProgram.DrainTimeout + AtOnce);
        await RestartAsync();
    }

    [Fact]
    public async Task WhenTheServerIsKilled_TheRunnerIsBackAfterTheRestart()
    {
        await using var watch = await StartWatchAsync();
        _installation.Server.Process.Signal(ProcessSignal.Kill);

        await EndsAsLostAsync(watch, Stopwatch.GetTimestamp(), AtOnce);
        await RestartAsync();
    }

    [Fact]
    public async Task WhenTheServerFreezes_TheRunnerDialsAgainOnceItGoesOn()
    {
        var mark = _runner.Process.ErrorLines.Count;
        _installation.Server.Process.Signal(ProcessSignal.Stop);
        var started = Stopwatch.GetTimestamp();
        await Eventually.BecomesTrueAsync(
            () => _runner.Process.ErrorLines.Skip(mark).Any(line => line.Contains("Tunnel closed", StringComparison.Ordinal)),
            "the runner logs that the tunnel is closed", Patience, Token);
        _promise.Holds("the runner noticed", started, NoticedWithin);

        _installation.Server.Process.Signal(ProcessSignal.Continue);
        started = Stopwatch.GetTimestamp();
        await Eventually.BecomesTrueAsync(async () => (await TryGetPodsAsync()).ExitCode == 0, "an operation gets through again", Patience, Token);
        _promise.Holds("operations got through again", started, BackWithin);
    }

    private async Task RestartAsync()
    {
        await _installation.Server.StartAgainAsync(Token);
        await ComesBackAsync();
        Assert.False(_runner.Process.HasExited);
    }

    private async Task ComesBackAsync()
    {
        var started = Stopwatch.GetTimestamp();
        await _installation.RunnerBecomesAsync(Runner, "connected", r => r.Status == RunnerStatus.Connected, Patience);
        _promise.Holds("the runner came back", started, BackWithin);
        Assert.Contains("Running", await GetPodsAsync(), StringComparison.Ordinal);
    }

    private Task<string> GetPodsAsync() => _installation.SucceedAsync("kubectl", "get", "pods", "--connection", Connection);

    private Task<ProgramResult> TryGetPodsAsync() => _installation.PlantonAsync("kubectl", "get", "pods", "--connection", Connection);

    private async Task<ProgramProcess> StartWatchAsync()
    {
        var watch = _installation.StartPlanton("kubectl", "get", "pods", "--watch", "--connection", Connection);
        await watch.WaitForLineAsync(line => line.StartsWith("NAME", StringComparison.Ordinal), "its first rows", cancellationToken: Token);
        // The rows are a list. Only what is created after it comes by the watch.
        var name = $"seen-{Guid.NewGuid():N}"[..16];
        using var http = OpenStream.Client(_installation.Server.Addresses.Http, Connection, _installation.Server.InitialKey);
        using var pod = new StringContent(
            $$$"""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{{name}}}"},"spec":{"containers":[{"name":"c","image":"c"}]}}""", Encoding.UTF8, "application/json");
        using var created = await http.PostAsync("api/v1/namespaces/default/pods", pod, Token);
        Assert.True(created.IsSuccessStatusCode, $"{(int)created.StatusCode}");
        await watch.WaitForLineAsync(line => line.StartsWith(name, StringComparison.Ordinal), "the row of a new pod", cancellationToken: Token);
        return watch;
    }

    // A crash exits with another code and prints something else.
    private async Task EndsAsLostAsync(ProgramProcess watch, long since, TimeSpan promised)
    {
        var code = await watch.WaitForExitAsync(Patience, Token);
        _promise.Holds("the watch ended", since, promised);
        Assert.True(code == Failed, $"exit code {code}\n{watch.Describe()}");
        Assert.Equal(WatchLost, watch.ErrorLines[0]);
        Assert.StartsWith("Hint: Watch again", watch.ErrorLines[1], StringComparison.Ordinal);
    }
}
