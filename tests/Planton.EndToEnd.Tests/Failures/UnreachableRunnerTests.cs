using System.Diagnostics;
using Planton.Api.Runners;
using Planton.EndToEnd.Tests.Installations;
using Planton.EndToEnd.Tests.Life;
using Planton.Testing.Network;
using Planton.Testing.Processes;

namespace Planton.EndToEnd.Tests.Failures;

/// <summary>What users are told when there is no runner to send their operation to, within 2 s.</summary>
[Collection(nameof(Alone))]
public sealed class UnreachableRunnerTests(InstallationFixture fixture, AnotherControlPlane other, ITestOutputHelper output) : IClassFixture<InstallationFixture>
{
    private static readonly TimeSpan ToldWithin = TimeSpan.FromSeconds(2);

    private readonly PlantonInstallation _installation = fixture.Installation;

    [Fact]
    [Trait(RequirementTests.Trait, "S23")]
    [Trait(RequirementTests.Trait, "S25")]
    [Trait(RequirementTests.Trait, "R1")]
    public async Task WhenTheRunnerHasStopped_TheErrorSaysWhichAndSinceWhen()
    {
        var runner = await _installation.StartRunnerAsync("alpha-stopped", RunnerKubeconfig.WriteForNowhere(_installation));
        await _installation.ConnectAsync("prod-stopped", "alpha-stopped");
        runner.Process.Signal(ProcessSignal.Terminate);
        Assert.Equal(0, await runner.Process.WaitForExitAsync(cancellationToken: TestContext.Current.CancellationToken));
        await _installation.RunnerBecomesAsync("alpha-stopped", "disconnected", r => r.Status == RunnerStatus.Disconnected, TimeSpan.FromSeconds(5));

        // The time is stored shortly after the tunnel closes.
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
    public async Task WithTheKeyOfAnotherControlPlane_TheCallIsNotAuthenticated()
    {
        await _installation.ConnectAsync("prod-key", runner: null);
        // Well-formed, with a right checksum, and unknown here.
        var key = (await other.GetAsync()).Server.InitialKey;

        var result = await _installation.PlantonWithAsync([("PLANTON_API_KEY", key)], "kubectl", "get", "pods", "--connection", "prod-key");

        Assert.Equal(4, result.ExitCode);
        Assert.DoesNotContain(key, result.Error, StringComparison.Ordinal);
        Assert.Contains("key", result.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task WhenTheServerIsNotThere_TheErrorNamesItsAddress()
    {
        var address = $"127.0.0.1:{FreePort.Find()}";

        var result = await _installation.PlantonWithAsync(
            [("PLANTON_API_KEY", _installation.Server.InitialKey)], "kubectl", "get", "pods", "--connection", "prod", "--org", "default", "--server", $"http://{address}");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(address, result.Error, StringComparison.Ordinal);
        Assert.Contains("refused", result.Error, StringComparison.OrdinalIgnoreCase);
    }

    private async Task<ProgramResult> GetPodsTimedAsync(string connection)
    {
        // The control asks the same server, and nothing is wrong with what it asks for.
        var promise = await Promise.MeasureAsync(output, () => _installation.SucceedAsync("connection", "list"));
        var started = Stopwatch.GetTimestamp();
        var result = await _installation.PlantonAsync("kubectl", "get", "pods", "--connection", connection);
        output.WriteLine($"exit code {result.ExitCode}: {result.Error}");
        promise.Holds("failed", started, ToldWithin);
        return result;
    }
}
