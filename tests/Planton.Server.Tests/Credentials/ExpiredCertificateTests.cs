using Planton.Tunnel.Links;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Tests.Credentials;

/// <summary>Tunnels that are older than a certificate lives. No storage is involved: one database is enough.</summary>
public sealed class ExpiredCertificateTests(ShortLivedCertificatesOnSqlite shared)
    : RenewalTest(shared), IClassFixture<ShortLivedCertificatesOnSqlite>
{
    [Fact]
    public async Task ARunnerIsConnectedLongAfterItsFirstCertificateHasExpired()
    {
        var runner = await ConnectAsync();
        var end = runner.Credentials.Metadata!.ExpiresAt;
        await Eventually.BecomesTrueAsync(
            () => TimeProvider.System.GetUtcNow() > end.AddSeconds(2), "the first certificate has expired", cancellationToken: Cancellation);
        Assert.Equal(LinkState.Ready, runner.Link.Status.State);
        Assert.False(runner.Link.Refused.IsCompleted);
        Assert.True((await TunnelOfAsync(runner)).Certificate.NotAfter.ToUniversalTime() > TimeProvider.System.GetUtcNow().UtcDateTime);
    }

    [Fact]
    public async Task ATunnelThatOutlivesItsCertificateRenewsNothing()
    {
        var runner = await ConnectAsync(configure: options => options.RenewalShare = 10);
        var tunnel = await TunnelOfAsync(runner);
        await Eventually.BecomesTrueAsync(
            () => TimeProvider.System.GetUtcNow().UtcDateTime > tunnel.Certificate.NotAfter.ToUniversalTime(),
            "the certificate has expired",
            cancellationToken: Cancellation);
        Assert.Equal(RenewalCode.Expired, (await AskAsync(tunnel, SigningRequest())).Code);
    }
}
