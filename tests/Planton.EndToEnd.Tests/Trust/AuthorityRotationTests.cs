using Planton.EndToEnd.Tests.Installations;
using Planton.EndToEnd.Tests.Refusals;
using Planton.Testing.Processes;

namespace Planton.EndToEnd.Tests.Trust;

/// <summary><c>planton-server ca rotate</c> and <c>ca retire</c> with runners as processes.</summary>
[Trait("Category", "Slow")]
public sealed class AuthorityRotationTests(SampleInstallation fixture) : IClassFixture<SampleInstallation>
{
    private const string KnowsTwo = "The control plane's authorities have changed: 2 are trusted now";
    private const string KnowsOne = "The control plane's authorities have changed: 1 are trusted now";

    // Documented: connected runners renew within ten minutes of a rotation, each at a moment of its own.
    private static readonly TimeSpan RotationSpread = TimeSpan.FromMinutes(10);

    private readonly PlantonInstallation _installation = fixture.Installation;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ServerProgram Server => _installation.Server;

    [Fact]
    public async Task AfterARotation_RunnersRenew_AndTheOldAuthorityIsRetiredOnlyWhenNoneNeedsIt()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals and /proc");
        var (told, due, away) = (await RegisterAsync("told"), await RegisterAsync("due"), await RegisterAsync("away"));
        due.Age();
        await told.StartAsync();
        var now = TimeProvider.System.GetUtcNow();
        Assert.True(await told.RenewalDueAsync() > now.AddDays(30));

        await StopServerAsync();
        var authorities = await Server.CaAsync("rotate");
        Assert.Equal([("trusted", true), ("issuing", false)], authorities.TakeLast(2).Select(authority => (authority.State, authority.OfServer)));
        // One runner keeps running; another starts while the server is stopped.
        due.Launch();
        await Server.StartAgainAsync(Token);

        await Task.WhenAll(told.SaysAsync(KnowsTwo), due.SaysAsync(KnowsTwo), told.KeepsAsync(authorities: 2), due.KeepsAsync(authorities: 2));
        await Eventually.BecomesTrueAsync(
            async () => await told.RenewalDueAsync() <= TimeProvider.System.GetUtcNow() + RotationSpread,
            "the connected runner is asked to renew", cancellationToken: Token);
        using (var renewed = await due.RenewedAsync())
            Assert.Equal(authorities[^1].Subject, renewed.Issuer);
        await Task.WhenAll(told.WorksAsync(), due.WorksAsync());

        // The runner renews at a random moment within ten minutes. Stop it, so that it cannot renew during the check.
        told.Program.Process.Signal(ProcessSignal.Kill);
        await told.Program.Process.WaitForExitAsync(TimeSpan.FromSeconds(10), Token);
        var hasRenewed = told.State?.Open()?.Issuer == authorities[^1].Subject;
        await IsNotRetiredAsync(hasRenewed ? [away] : [told, away]);
        if (!hasRenewed)
            told.Age();
        await told.Program.StartAgainAsync();
        if (!hasRenewed)
        {
            using var renewed = await told.RenewedAsync();
            Assert.Equal(authorities[^1].Subject, renewed.Issuer);
        }

        await _installation.SucceedAsync("runner", "credentials", "revoke", "away", away.CredentialId, "--yes");

        await using (var requests = SteadyRequests.Start(_installation, due.Name))
        {
            authorities = await Server.CaAsync("retire");
            Assert.Equal([("retired", false), ("issuing", true)], authorities.TakeLast(2).Select(authority => (authority.State, authority.OfServer)));
            await Task.WhenAll(told.SaysAsync(KnowsOne), due.SaysAsync(KnowsOne));
            await requests.SomeMoreAsync();
        }

        await Task.WhenAll(told.KeepsAsync(authorities: 1), due.KeepsAsync(authorities: 1));
        await Task.WhenAll(told.WorksAsync(), due.WorksAsync());
        Assert.False(told.Program.Process.HasExited || due.Program.Process.HasExited);
        await WithoutItsStateItDoesNotTrustTheGatewayAsync(told.File);
        await EndAsync(told, due, away);
    }

    [Fact]
    public async Task AfterAForcedRetirement_ARunnerThatHasNotRenewed_LosesItsTunnel_AndNewCredentialsConnect()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals and /proc");
        var lost = await RegisterAsync("lost");
        await lost.StartAsync();
        await lost.WorksAsync();
        // Here the server keeps running.
        await Server.CaAsync("rotate");
        await lost.SaysAsync(KnowsTwo);
        var mark = Server.LogMark;

        var authorities = await Server.CaAsync("retire", "--force");

        Assert.Equal(["retired", "issuing"], authorities.TakeLast(2).Select(authority => authority.State));
        await Server.LogLineAsync(mark, "is drained: the authority of its certificate is retired");
        await Server.LogLineAsync(mark, "refused in the handshake", "the certificate is not from our authority");
        var gateway = CredentialsFile.Read(lost.File).Tunnel!.Endpoint;
        await lost.SaysAsync($"{gateway} closed the connection right after the handshake: it did not accept this runner's certificate");
        var operation = await _installation.PlantonAsync("kubectl", "get", "pods", "--connection", lost.Name);
        Assert.Equal(5, operation.ExitCode);
        Assert.Contains("unreachable", operation.Error, StringComparison.Ordinal);

        await _installation.StartRunnerAsync(lost.Name, fixture.Kubeconfig);
        await lost.WorksAsync();
        await EndAsync(lost);
    }

    private Task<RenewingRunner> RegisterAsync(string name) => RenewingRunner.RegisterAsync(_installation, name, fixture.Kubeconfig);

    // Valid credentials that are left would need the authority that the other test retires.
    private async Task EndAsync(params RenewingRunner[] runners)
    {
        foreach (var runner in runners)
            await _installation.SucceedAsync("runner", "delete", runner.Name, "--yes");
    }

    private async Task StopServerAsync()
    {
        Server.Process.Signal(ProcessSignal.Terminate);
        Assert.Equal(0, await Server.Process.WaitForExitAsync(TimeSpan.FromSeconds(30), Token));
    }

    // Names exactly those that need the old authority, in the order of their credentials.
    private async Task IsNotRetiredAsync(params RenewingRunner[] needing)
    {
        var result = await Server.RunCommandAsync("ca", "retire");
        Assert.True(result.ExitCode == 1, result.ToString());
        var lines = result.Error.Trim().Split('\n');
        Assert.StartsWith($"planton-server: nothing is retired: {needing.Length} credential(s) could not connect any more.", lines[0], StringComparison.Ordinal);
        Assert.Equal(
            needing.OrderBy(runner => runner.CredentialId, StringComparer.Ordinal).Select(runner => $"  {runner.CredentialId} of runner {runner.Name} (--org default)"),
            lines[1..]);
    }

    private async Task WithoutItsStateItDoesNotTrustTheGatewayAsync(string file)
    {
        await using var stale = RunnerProgram.Launch(_installation.Home, file, "--kubeconfig", fixture.Kubeconfig, "--start-timeout", "2s");
        Assert.Equal(5, await stale.Process.WaitForExitAsync(TimeSpan.FromSeconds(30), Token));
        Assert.Contains("Step 'establish the tunnel' did not succeed", stale.Process.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Contains("its certificate is not from the control plane's authority", stale.Process.ErrorLines[^1], StringComparison.Ordinal);
    }
}
