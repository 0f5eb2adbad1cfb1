using Planton.Server.CertificateAuthority;
using Planton.Server.Tests.Fixture;
using Planton.Tunnel.Links;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Tests.Credentials;

/// <summary>Runners that renew by themselves, with certificates that live for seconds.</summary>
public sealed class RenewalTests : RenewalTest
{
    private protected override CertificateOptions Certificates { get; } = new() { RunnerLifetime = TimeSpan.FromSeconds(6) };

    [Fact]
    public async Task ARunnerRenewsBeforeItsCertificateEnds_AndTheListAndTheTrailShowIt()
    {
        var store = new KeptCertificates();
        var runner = await ConnectAsync(configure: store.Resume);
        var first = await TunnelOfAsync(runner);
        var serial = first.Certificate.SerialNumber;

        var second = await TunnelOfAsync(runner, first);

        var listed = (await Server.Admin.ListCredentialsAsync("default", "prod", Cancelled)).Items.Single();
        Assert.Equal(runner.Credentials.Metadata!.Id, listed.Id);
        Assert.NotEqual(serial, listed.CertificateSerial);
        Assert.NotNull(listed.RenewedAt);
        Assert.True(listed.ExpiresAt > runner.Credentials.Metadata.ExpiresAt);
        Assert.Equal(first.Identity, second.Identity);
        var record = (await RecordsAsync())[0];
        Assert.Equal(("allowed", "service-account", "runner-prod", "runner/prod"), (record.Outcome, record.ActorKind, record.ActorName, record.Resource));
        Assert.Contains($"in place of {serial}", record.Detail, StringComparison.Ordinal);
        Assert.Contains(runner.Credentials.Metadata.Id!, record.Detail, StringComparison.Ordinal);
        Assert.NotNull(store.Latest);
        Assert.True((await Server.Admin.VerifyAuditAsync(Cancelled)).Ok);
    }

    [Fact]
    public async Task ARunnerIsConnectedLongAfterItsFirstCertificateHasEnded()
    {
        var runner = await ConnectAsync();
        var end = runner.Credentials.Metadata!.ExpiresAt;
        await Expect.EventuallyAsync("the first certificate has ended", () => Task.FromResult(TimeProvider.System.GetUtcNow() > end.AddSeconds(2)));
        Assert.Equal(LinkState.Ready, runner.Link.Status.State);
        Assert.False(runner.Link.Refused.IsCompleted);
        Assert.True((await TunnelOfAsync(runner)).Certificate.NotAfter.ToUniversalTime() > TimeProvider.System.GetUtcNow().UtcDateTime);
    }

    [Fact]
    public async Task TheCertificateBeforeStaysGoodUntilItEnds_AndARevocationEndsBoth()
    {
        var runner = await ConnectAsync();
        var first = await TunnelOfAsync(runner);
        await TunnelOfAsync(runner, first);
        // Another replica with the same file.
        var replica = await ConnectAsync(credentials: runner.Credentials, configure: options => options.RenewalShare = 10);
        Assert.Equal(LinkState.Ready, replica.Link.Status.State);

        var summary = await Server.Admin.RevokeCredentialAsync("default", "prod", runner.Credentials.Metadata!.Id!, Cancelled);

        Assert.Equal(1, summary.Credentials);
        Assert.True(summary.Tunnels >= 2, $"{summary.Tunnels} tunnels were cut");
        foreach (var each in new[] { runner, replica })
            Assert.Equal(RefusalCode.Revoked, (await each.Link.Refused.WaitAsync(TimeSpan.FromSeconds(10), Cancelled)).Code);
    }

    [Fact]
    public async Task ATunnelThatOutlivesItsCertificateRenewsNothing()
    {
        var runner = await ConnectAsync(configure: options => options.RenewalShare = 10);
        var tunnel = await TunnelOfAsync(runner);
        await Expect.EventuallyAsync("the certificate has ended", () => Task.FromResult(
            TimeProvider.System.GetUtcNow().UtcDateTime > tunnel.Certificate.NotAfter.ToUniversalTime()));
        Assert.Equal(RenewalCode.Expired, (await AskAsync(tunnel, SigningRequest())).Code);
    }
}
