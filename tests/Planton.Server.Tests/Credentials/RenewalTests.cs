using Planton.Server.Tests.Fixture;
using Planton.Tunnel.Links;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Tests.Credentials;

/// <summary>Runners that renew by themselves, with certificates that live for seconds.</summary>
public abstract class RenewalTests(SharedServer shared) : RenewalTest(shared)
{
    [Fact]
    public async Task ARunnerRenewsBeforeItsCertificateEnds_AndTheListAndTheTrailShowIt()
    {
        var store = new KeptCertificates();
        var runner = await ConnectAsync(configure: store.Resume);
        var first = await TunnelOfAsync(runner);
        var serial = first.Certificate.SerialNumber;

        var second = await TunnelOfAsync(runner, first);

        var listed = (await Admin.ListCredentialsAsync(Org, "prod", Cancellation)).Items.Single();
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
        Assert.True((await Admin.VerifyAuditAsync(Cancellation)).Ok);
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

        var summary = await Admin.RevokeCredentialAsync(Org, "prod", runner.Credentials.Metadata!.Id!, Cancellation);

        Assert.Equal(1, summary.Credentials);
        Assert.True(summary.Tunnels >= 2, $"{summary.Tunnels} tunnels were cut");
        foreach (var each in new[] { runner, replica })
            Assert.Equal(RefusalCode.Revoked, (await each.Link.Refused.WaitAsync(TimeSpan.FromSeconds(10), Cancellation)).Code);
    }
}

public sealed class RenewalTestsOnSqlite(ShortLivedCertificatesOnSqlite shared) : RenewalTests(shared), IClassFixture<ShortLivedCertificatesOnSqlite>;

public sealed class RenewalTestsOnPostgreSql(ShortLivedCertificatesOnPostgreSql shared) : RenewalTests(shared), IClassFixture<ShortLivedCertificatesOnPostgreSql>;
