using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Planton.Server.CertificateAuthority;
using Planton.Server.Hosting;
using Planton.Server.Tests.Fixture;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Tests.CertificateAuthority;

/// <summary>Certificates whose makers and readers have different clocks.</summary>
public sealed class ClockSkewTests
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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
        await using var server = await ServerFixture.StartAsync();
        var authority = server.Get<CertificateAuthorityService>();
        var now = TimeProvider.System.GetUtcNow();
        using var runner = (await server.Admin.GenerateCredentialsAsync("default", "prod", Cancellation)).Credentials.Certificate();
        Assert.Equal(good, runner.IsIssuedBy(authority.TrustBundle[0], ClientAuthentication, now.AddMinutes(minutes)));
        Assert.Equal(good, authority.ServerCertificate.IsIssuedBy(authority.TrustBundle[0], ServerAuthentication, now.AddMinutes(minutes)));
    }

    [Fact]
    public async Task WhatTheDocumentSaysIsWhatTheCertificateSays()
    {
        await using var server = await ServerFixture.StartAsync();
        var credentials = (await server.Admin.GenerateCredentialsAsync("default", "prod", Cancellation)).Credentials;
        using var certificate = credentials.Certificate();
        Assert.Equal(certificate.NotAfter.ToUniversalTime(), credentials.Metadata!.ExpiresAt.UtcDateTime);
        Assert.True(certificate.NotBefore.ToUniversalTime() < credentials.Metadata.IssuedAt.UtcDateTime);
        // Both ways, TLS counts whole seconds.
        Assert.Equal(0, credentials.Metadata.ExpiresAt.Millisecond);
    }

    [Fact]
    public async Task WhenTheServersClockWasBehindAtItsFirstStart_ItsAuthorityIsStillGoodAfterwards()
    {
        using var folder = new TemporaryFolder();
        var behind = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddHours(-3));
        string domain;
        await using (var first = await ServerFixture.StartInAsync(folder, configure: Clock(behind)))
            domain = first.Get<CertificateAuthorityService>().TrustDomain;
        await using var second = await ServerFixture.StartInAsync(folder);
        Assert.Equal(domain, second.Get<CertificateAuthorityService>().TrustDomain);
        await using var runner = await ConnectedRunner.StartAsync(second, "prod", _ => Task.CompletedTask);
        Assert.Null((await runner.Link.WaitForStartAsync(Cancellation)).Refusal);
    }

    [Fact]
    public async Task WhenTheClockIsFarBeforeTheAuthority_TheServerSaysSoAndDoesNotStart()
    {
        using var folder = new TemporaryFolder();
        var ahead = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(2));
        await using (await ServerFixture.StartInAsync(folder, configure: Clock(ahead)))
        {
        }

        var refused = await Assert.ThrowsAsync<StartupException>(() => ServerFixture.StartInAsync(folder));
        Assert.Contains("set the clock right", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(200)]
    public async Task WhenTheClockIsSetBackALittle_CertificatesAreStillIssued_AndBeginNoEarlierThanTheirAuthority(int seconds)
    {
        using var folder = new TemporaryFolder();
        var ahead = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddSeconds(seconds));
        await using (await ServerFixture.StartInAsync(folder, configure: Clock(ahead)))
        {
        }

        await using var second = await ServerFixture.StartInAsync(folder);
        var authority = second.Get<CertificateAuthorityService>();
        using var runner = (await second.Admin.GenerateCredentialsAsync("default", "prod", Cancellation)).Credentials.Certificate();
        Assert.Equal(authority.TrustBundle[0].NotBefore, runner.NotBefore);
        Assert.True(runner.IsIssuedBy(authority.TrustBundle[0], ClientAuthentication, TimeProvider.System.GetUtcNow()));
    }

    [Fact]
    public async Task AServerCertificateThatWasRenewedWhileTheClockWasAhead_IsMadeAnew()
    {
        using var folder = new TemporaryFolder();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        string serial;
        await using (var first = await ServerFixture.StartInAsync(folder, configure: Clock(time)))
        {
            time.Advance(TimeSpan.FromDays(70));
            await first.Get<ServerCertificateStore>().RenewIfDueAsync(Cancellation);
            serial = first.Get<CertificateAuthorityService>().ServerCertificate.SerialNumber;
        }

        await using var second = await ServerFixture.StartInAsync(folder);
        var certificate = second.Get<CertificateAuthorityService>().ServerCertificate;
        Assert.NotEqual(serial, certificate.SerialNumber);
        Assert.True(certificate.NotBefore.ToUniversalTime() <= TimeProvider.System.GetUtcNow().UtcDateTime, "it is not valid yet");
    }

    [Fact]
    public async Task ARunnerWhoseCertificateHasExpired_IsToldSo_AndHasNoTunnel()
    {
        await using var server = await ServerFixture.StartAsync();
        var generated = (await server.Admin.GenerateCredentialsAsync("default", "prod", Cancellation)).Credentials;
        var expired = server.Get<CertificateAuthorityService>().IssueRunnerCertificate(
            generated.Certificate().SingleUri(), TimeSpan.FromSeconds(-30));
        var credentials = generated with
        {
            Tunnel = generated.Tunnel! with { Certificate = expired.CertificatePem, PrivateKey = expired.PrivateKey.Reveal() },
        };

        await using var runner = await ConnectedRunner.StartAsync(credentials, _ => Task.CompletedTask);

        Assert.Equal(RefusalCode.Expired, (await runner.Link.Refused.WaitAsync(TimeSpan.FromSeconds(20), Cancellation)).Code);
        Assert.Equal(0, server.Get<Planton.Tunnel.Gateway.TunnelRegistry>().Count);
    }

    private static Action<WebApplicationBuilder> Clock(TimeProvider time) => builder => builder.Services.AddSingleton(time);
}
