using Planton.Tunnel.Links;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Tests.Credentials;

/// <summary>Tunnels that are older than a certificate lives. No storage is involved: one database is enough.</summary>
public sealed class ExpiredCertificateTests(ShortLivedCertificatesOnSqlite shared)
    : RenewalTest(shared), IClassFixture<ShortLivedCertificatesOnSqlite>
{
    [Fact]
    public async Task LongAfterTheFirstCertificateHasExpired_ARunnerThatRenewedIsConnected_AndATunnelThatDidNotRenewsNothing()
    {
        var renewing = await ConnectAsync("renewing");
        var idle = await TunnelOfAsync(await ConnectAsync("idle", options => options.RenewalShare = 10));
        var end = renewing.Credentials.Metadata!.ExpiresAt;

        await Eventually.BecomesTrueAsync(
            () => TimeProvider.System.GetUtcNow() is var now
                && now > end.AddSeconds(2) && now.UtcDateTime > idle.Certificate.NotAfter.ToUniversalTime(),
            "both first certificates have expired",
            cancellationToken: Cancellation);

        Assert.Equal(LinkState.Ready, renewing.Link.Status.State);
        Assert.False(renewing.Link.Refused.IsCompleted);
        Assert.True((await TunnelOfAsync(renewing)).Certificate.NotAfter.ToUniversalTime() > TimeProvider.System.GetUtcNow().UtcDateTime);
        Assert.Equal(RenewalCode.Expired, (await AskAsync(idle, SigningRequest())).Code);
    }
}
