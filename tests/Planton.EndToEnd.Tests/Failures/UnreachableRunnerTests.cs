using System.Diagnostics;
using Planton.Api.Runners;
using Planton.EndToEnd.Tests.Installations;
using Planton.EndToEnd.Tests.Life;
using Planton.Testing.Processes;

namespace Planton.EndToEnd.Tests.Failures;

/// <summary>What users are told when there is no runner to send their operation to.</summary>
[Collection(nameof(Alone))]
public sealed class UnreachableRunnerTests(InstallationFixture fixture, ITestOutputHelper output) : IClassFixture<InstallationFixture>
{
    // 2 s is the promise; a machine that builds something else meanwhile gets more.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(5);

    private readonly PlantonInstallation _installation = fixture.Installation;

    [Fact]
    [Trait(RequirementTests.Trait, "S23")]
    [Trait(RequirementTests.Trait, "S25")]
    public async Task WhenTheRunnerHasStopped_TheErrorSaysWhichAndSinceWhen()
    {
        var runner = await _installation.StartRunnerAsync("alpha-stopped", RunnerKubeconfig.WriteForNowhere(_installation));
        await _installation.ConnectAsync("prod-stopped", "alpha-stopped");
        runner.Process.Signal(ProcessSignal.Terminate);
        Assert.Equal(0, await runner.Process.WaitForExitAsync(cancellationToken: TestContext.Current.CancellationToken));
        await _installation.RunnerBecomesAsync("alpha-stopped", "disconnected", r => r.Status == RunnerStatus.Disconnected, TimeSpan.FromSeconds(5));

        // The moment is written down a little after the tunnel is gone.
        var result = await GetPodsTimedAsync("prod-stopped");
        await Eventually.BecomesTrueAsync(
            async () => (result = await GetPodsTimedAsync("prod-stopped")).Error.Contains("not connected since", StringComparison.Ordinal),
            "since when is known", cancellationToken: TestContext.Current.CancellationToken);

        var since = (await _installation.Api.GetRunnerAsync(PlantonInstallation.Organization, "alpha-stopped", TestContext.Current.CancellationToken)).StatusSince!.Value;
        Assert.Equal(5, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.Contains("runner \"alpha-stopped\"", result.Error, StringComparison.Ordinal);
        Assert.Contains($"not connected since {since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC", result.Error, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", result.Error, StringComparison.Ordinal);
        Assert.Contains("was not sent", result.Error, StringComparison.Ordinal);
        var shown = await _installation.SucceedAsync("runner", "get", "alpha-stopped");
        Assert.Contains("disconnected", shown, StringComparison.Ordinal);
        Assert.Contains("disconnected", await _installation.SucceedAsync("runner", "list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenTheRunnerNeverConnected_TheErrorSaysSo()
    {
        await _installation.SucceedAsync("runner", "register", "alpha-unborn");
        await _installation.ConnectAsync("prod-unborn", "alpha-unborn");

        var result = await GetPodsTimedAsync("prod-unborn");

        Assert.Equal(5, result.ExitCode);
        Assert.Contains("runner \"alpha-unborn\"", result.Error, StringComparison.Ordinal);
        Assert.Contains("never connected", result.Error, StringComparison.Ordinal);
        Assert.Contains("never-connected", await _installation.SucceedAsync("runner", "get", "alpha-unborn"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait(RequirementTests.Trait, "S21")]
    public async Task WhenThereIsNoRunnerAtAll_TheErrorSaysHowToSetOne()
    {
        await _installation.ConnectAsync("prod-none", runner: null);

        var result = await GetPodsTimedAsync("prod-none");

        Assert.Equal(5, result.ExitCode);
        Assert.Contains("no runner is available for connection \"prod-none\"", result.Error, StringComparison.Ordinal);
        Assert.Contains("planton runner set-default", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenTheConnectionIsMisspelt_TheErrorNamesTheNearOne()
    {
        await _installation.ConnectAsync("production", runner: null);

        var result = await GetPodsTimedAsync("prodction");

        Assert.Equal(3, result.ExitCode);
        Assert.Contains("prodction", result.Error, StringComparison.Ordinal);
        Assert.Contains("production", result.Error, StringComparison.Ordinal);
        Assert.Contains(PlantonInstallation.Organization, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenTheKeyIsNobodys_TheCallIsNotAuthenticated()
    {
        await _installation.ConnectAsync("prod-key", runner: null);
        // Of the right form in every way, and of another control plane.
        await using var other = await PlantonInstallation.StartAsync();
        var key = other.Server.InitialKey;

        var result = await _installation.PlantonWithAsync([("PLANTON_API_KEY", key)], "kubectl", "get", "pods", "--connection", "prod-key");

        Assert.Equal(4, result.ExitCode);
        Assert.DoesNotContain(key, result.Error, StringComparison.Ordinal);
        Assert.Contains("key", result.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task WhenTheServerIsNotThere_TheErrorNamesItsAddress()
    {
        await using var installation = await PlantonInstallation.StartAsync();
        installation.Server.Process.Signal(ProcessSignal.Kill);
        await installation.Server.Process.WaitForExitAsync(cancellationToken: TestContext.Current.CancellationToken);

        var result = await installation.PlantonAsync("kubectl", "get", "pods", "--connection", "prod");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(new Uri(installation.Server.Addresses.Http).Authority, result.Error, StringComparison.Ordinal);
    }

    private async Task<ProgramResult> GetPodsTimedAsync(string connection)
    {
        var started = Stopwatch.GetTimestamp();
        var result = await _installation.PlantonAsync("kubectl", "get", "pods", "--connection", connection);
        var took = Stopwatch.GetElapsedTime(started);
        output.WriteLine($"failed after {took.TotalMilliseconds:0} ms, exit code {result.ExitCode}: {result.Error}");
        Assert.True(took < Bound, $"{took}");
        return result;
    }
}
