using System.Diagnostics;
using Planton.Api.Runners;
using Planton.EndToEnd.Tests.Installations;
using Planton.Testing.Processes;

namespace Planton.EndToEnd.Tests.Failures;

/// <summary>A runner or a server that freezes, dies or restarts, with operations under way.</summary>
[Collection(nameof(Alone))]
[Trait("Category", "Slow")]
public sealed class LostPeerTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string RunnerName = "alpha";

    private static readonly TimeSpan NoticedWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BackWithin = TimeSpan.FromSeconds(10);

    // What a slow machine adds before an assertion on time can be made at all.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private PlantonInstallation _installation = null!;
    private RunnerProgram _runner = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _installation = await PlantonInstallation.StartAsync();
        var sample = await SampleClusterProgram.StartAsync(_installation);
        _runner = await _installation.StartRunnerAsync(RunnerName, sample.Kubeconfig);
        await _installation.ConnectAsync("prod", RunnerName);
        Assert.Contains("Running", await GetPodsAsync(), StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _installation.DisposeAsync();

    [Fact]
    public async Task WhenTheRunnerFreezes_PendingOperationsFailInTime_AndItComesBackByItself()
    {
        await using var watch = await StartWatchAsync();
        _runner.Process.Signal(ProcessSignal.Stop);
        var started = Stopwatch.GetTimestamp();
        var pending = _installation.PlantonAsync("kubectl", "get", "pods", "--connection", "prod");

        var result = await pending;
        Report("a pending get failed", started, NoticedWithin);
        Assert.Equal(5, result.ExitCode);
        Assert.Contains(RunnerName, result.Error, StringComparison.Ordinal);
        Assert.Contains("runner get", result.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, await watch.WaitForExitAsync(Patience, Token));
        Report("a pending watch ended", started, NoticedWithin + NoticedWithin);
        Assert.Contains("disconnected", await _installation.SucceedAsync("runner", "list"), StringComparison.Ordinal);

        _runner.Process.Signal(ProcessSignal.Continue);
        started = Stopwatch.GetTimestamp();
        await BecomesConnectedAsync();
        Report("the runner came back", started, BackWithin);
        Assert.Contains("Running", await GetPodsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenTheRunnerIsKilled_ItIsNoticedAtOnce_AndAnotherTakesItsPlace()
    {
        await using var watch = await StartWatchAsync();
        _runner.Process.Signal(ProcessSignal.Kill);
        var started = Stopwatch.GetTimestamp();

        await _installation.RunnerBecomesAsync(RunnerName, "disconnected", r => r.Status == RunnerStatus.Disconnected, Patience);
        Report("noticed", started, NoticedWithin);
        Assert.NotEqual(0, await watch.WaitForExitAsync(Patience, Token));
        Report("a pending watch ended", started, NoticedWithin);
        Assert.Equal(5, (await _installation.PlantonAsync("kubectl", "get", "pods", "--connection", "prod")).ExitCode);

        await _runner.StartAgainAsync();
        Assert.Contains("Running", await GetPodsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenTheServerIsStopped_ItExitsWithZero_AndTheRunnerIsBackAfterTheRestart()
    {
        await using var watch = await StartWatchAsync();
        _installation.Server.Process.Signal(ProcessSignal.Terminate);
        var started = Stopwatch.GetTimestamp();

        var code = await _installation.Server.Process.WaitForExitAsync(Patience, Token);
        Assert.True(code == 0, $"exit code {code}\n{_installation.Server.Process.Describe()}");
        Report("the server ended", started, NoticedWithin);
        await watch.WaitForExitAsync(Patience, Token);
        Report("a pending watch ended", started, NoticedWithin);

        await RestartAsync();
    }

    [Fact]
    public async Task WhenTheServerIsKilled_TheRunnerIsBackAfterTheRestart()
    {
        await using var watch = await StartWatchAsync();
        _installation.Server.Process.Signal(ProcessSignal.Kill);
        var started = Stopwatch.GetTimestamp();

        Assert.NotEqual(0, await watch.WaitForExitAsync(Patience, Token));
        Report("a pending watch ended", started, NoticedWithin);

        await RestartAsync();
    }

    [Fact]
    public async Task WhenTheServerFreezes_TheRunnerDialsAgainOnceItGoesOn()
    {
        _installation.Server.Process.Signal(ProcessSignal.Stop);
        await _runner.Process.WaitForLineAsync(
            line => line.Contains("Tunnel closed", StringComparison.Ordinal) || line.Contains("Tunnel not connected", StringComparison.Ordinal),
            "that it lost the gateway", Patience, Token);

        _installation.Server.Process.Signal(ProcessSignal.Continue);
        var started = Stopwatch.GetTimestamp();
        await Eventually.BecomesTrueAsync(
            async () => (await _installation.PlantonAsync("kubectl", "get", "pods", "--connection", "prod")).ExitCode == 0,
            "an operation gets through again",
            Patience,
            Token);
        Report("operations went through again", started, BackWithin + BackWithin);
    }

    private async Task RestartAsync()
    {
        await _installation.Server.StartAgainAsync(Token);
        var started = Stopwatch.GetTimestamp();
        await BecomesConnectedAsync();
        Report("the runner came back", started, BackWithin);
        Assert.Contains("Running", await GetPodsAsync(), StringComparison.Ordinal);
        Assert.False(_runner.Process.HasExited);
    }

    private Task<string> GetPodsAsync() => _installation.SucceedAsync("kubectl", "get", "pods", "--connection", "prod");

    private Task BecomesConnectedAsync() =>
        _installation.RunnerBecomesAsync(RunnerName, "connected", r => r.Status == RunnerStatus.Connected, Patience);

    private async Task<ProgramProcess> StartWatchAsync()
    {
        var watch = _installation.StartPlanton("kubectl", "get", "pods", "--watch", "--connection", "prod");
        await watch.WaitForLineAsync(line => line.StartsWith("NAME", StringComparison.Ordinal), "what is there at first", cancellationToken: Token);
        return watch;
    }

    private void Report(string what, long since, TimeSpan bound)
    {
        var took = Stopwatch.GetElapsedTime(since);
        output.WriteLine($"{what} after {took.TotalSeconds:0.00} s");
        Assert.True(took < bound, $"{what} after {took}");
    }
}
