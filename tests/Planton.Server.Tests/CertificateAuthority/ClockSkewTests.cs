using Planton.Server.CertificateAuthority;
using Planton.Server.Tests.Fixture;
using Planton.Tunnel.Gateway;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Tests.CertificateAuthority;

/// <summary>Certificates whose issuer and readers have different clocks. No storage is involved: one database is enough.</summary>
public sealed class ClockSkewTests(FreshServer shared) : SharedServerTest(shared), IClassFixture<FreshServer>
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private readonly FreshServer _fresh = shared;

    [Theory]
    [InlineData(-10, false)]
    [InlineData(-6, false)]
    [InlineData(-4, true)]
    [InlineData(0, true)]
    [InlineData(4, true)]
    [InlineData(89 * 24 * 60, true)]
    [InlineData(91 * 24 * 60, false)]
    public async Task AReaderWhoseClockIsOffByMinutes(int minutes, bool good)
    {
        Assert.Equal(TimeSpan.FromMinutes(5), new CertificateOptions().ClockSkew);
        var authority = Server.Get<CertificateAuthorityService>();
        var now = TimeProvider.System.GetUtcNow();
        using var runner = (await Admin.GenerateCredentialsAsync(Org, "prod", Cancellation)).Credentials.Certificate();
        Assert.Equal(good, runner.IsIssuedBy(authority.TrustBundle[0], ClientAuthentication, now.AddMinutes(minutes)));
        Assert.Equal(good, authority.ServerCertificate.IsIssuedBy(authority.TrustBundle[0], ServerAuthentication, _fresh.StartedAt.AddMinutes(minutes)));
    }

    [Fact]
    public async Task WhatTheDocumentSaysIsWhatTheCertificateSays()
    {
        var credentials = (await Admin.GenerateCredentialsAsync(Org, "prod", Cancellation)).Credentials;
        using var certificate = credentials.Certificate();
        Assert.Equal(certificate.NotAfter.ToUniversalTime(), credentials.Metadata!.ExpiresAt.UtcDateTime);
        Assert.True(certificate.NotBefore.ToUniversalTime() < credentials.Metadata.IssuedAt.UtcDateTime);
        // Both ways, TLS counts whole seconds.
        Assert.Equal(0, credentials.Metadata.ExpiresAt.Millisecond);
    }

    [Fact]
    public async Task ARunnerWhoseCertificateHasExpired_IsToldSo_AndHasNoTunnel()
    {
        var generated = (await Admin.GenerateCredentialsAsync(Org, "prod", Cancellation)).Credentials;
        var expired = Server.Get<CertificateAuthorityService>().IssueRunnerCertificate(
            generated.Certificate().SingleUri(), TimeSpan.FromSeconds(-30));
        var credentials = generated with
        {
            Tunnel = generated.Tunnel! with { Certificate = expired.CertificatePem, PrivateKey = expired.PrivateKey.Reveal() },
        };

        await using var runner = await ConnectedRunner.StartAsync(credentials, _ => Task.CompletedTask);

        Assert.Equal(RefusalCode.Expired, (await runner.Link.Refused.WaitAsync(TimeSpan.FromSeconds(20), Cancellation)).Code);
        Assert.Empty(Server.Get<TunnelRegistry>().Of(generated.Metadata!.RunnerId!));
    }
}
