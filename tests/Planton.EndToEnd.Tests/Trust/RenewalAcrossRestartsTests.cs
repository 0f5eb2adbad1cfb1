using Planton.EndToEnd.Tests.Installations;
using Planton.EndToEnd.Tests.Refusals;
using Planton.Testing.Processes;

namespace Planton.EndToEnd.Tests.Trust;

/// <summary>A runner with a state folder, whose certificate is renewed while it runs and which is killed afterwards.</summary>
[Collection(nameof(OnOneInstallation))]
public sealed class RenewalAcrossRestartsTests(SampleInstallation fixture)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly PlantonInstallation _installation = fixture.Installation;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ARenewedCertificate_IsKept_AndOpensTheTunnelAfterAKill_WhenThatOfTheDocumentHasExpired()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals, file modes and /proc");
        var runner = await RenewingRunner.RegisterAsync(_installation, "renewing", fixture.Kubeconfig);
        var document = CredentialsFile.Read(runner.File);
        runner.Age();
        var mark = _installation.Server.LogMark;

        await runner.StartAsync();
        using var renewed = await runner.RenewedAsync();
        // It was due before there was a tunnel, and waited for one.
        Assert.DoesNotContain(runner.Program.Process.ErrorLines, line => line.Contains("is not renewed", StringComparison.Ordinal));

        // A new certificate for a new key, which only the owner of the folder can read.
        Assert.DoesNotContain(renewed.ExportCertificatePem(), document.Tunnel!.Certificate!, StringComparison.Ordinal);
        Assert.NotEqual(document.Tunnel.PrivateKey, runner.State!.PrivateKey);
        Assert.Equal(runner.CredentialId, runner.State.CredentialId);
        Assert.Equal([$"certificate-{runner.CredentialId}.json"], Directory.GetFileSystemEntries(runner.StateFolder).Select(Path.GetFileName));
        Assert.Equal((OwnerOnly, OwnerOnly | UnixFileMode.UserExecute), (ModeOf(RunnerStateFile.PathIn(runner.StateFolder)!), ModeOf(runner.StateFolder)));
        await _installation.Server.LogLineAsync(mark, "certificate renewed", renewed.SerialNumber);
        await runner.WorksAsync();
        var firstUse = await runner.UsesAsync(renewed);

        runner.Program.Process.Signal(ProcessSignal.Kill);
        await runner.Program.Process.WaitForExitAsync(cancellationToken: Token);
        await ExpireAsync(runner);
        await WithoutItsStateItIsRefusedAsync(runner.File);
        await runner.StartAsync();

        // The renewed certificate was used again, and no other was issued meanwhile.
        await Eventually.BecomesTrueAsync(
            async () => await runner.UsesAsync(renewed) > firstUse, "the gateway sees the renewed certificate again", cancellationToken: Token);
        Assert.Equal(2, await _installation.Server.CountAsync(
            $"""SELECT COUNT(*) FROM runner_certificates WHERE "CredentialId" = '{runner.CredentialId}'"""));
        Assert.Equal(renewed.ExportCertificatePem(), runner.State!.Certificate);
        await runner.WorksAsync();
    }

    private static UnixFileMode ModeOf(string path) => OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException() : File.GetUnixFileMode(path);

    // Puts an expired certificate of the same runner into the document: a test cannot wait until the real one expires.
    private async Task ExpireAsync(RenewingRunner runner)
    {
        using var authority = StolenAuthority.Open(_installation.Server.Data);
        var organization = (await _installation.Api.GetCallerAsync(Token)).Organizations.Single(o => o.Name == PlantonInstallation.Organization).Id;
        var credentials = CredentialsFile.Read(runner.File);
        using var expired = authority.Issue($"spiffe://{authority.TrustDomain}/org/{organization}/runner/{credentials.Metadata!.RunnerId}", days: 0);
        CredentialsFile.Write(runner.File, credentials.WithCertificate(expired));
    }

    private async Task WithoutItsStateItIsRefusedAsync(string file)
    {
        await using var refused = RunnerProgram.Launch(_installation.Home, file, "--kubeconfig", RunnerKubeconfig.WriteForNowhere(_installation));
        Assert.Equal(4, await refused.Process.WaitForExitAsync(TimeSpan.FromSeconds(30), Token));
        Assert.Contains("the certificate expired at", refused.Process.ErrorLines[^1], StringComparison.Ordinal);
    }
}
