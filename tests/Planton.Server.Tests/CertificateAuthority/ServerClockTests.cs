using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Planton.Server.CertificateAuthority;
using Planton.Server.Hosting;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.CertificateAuthority;

/// <summary>Servers whose clock was wrong at an earlier start. No storage is involved: one database is enough.</summary>
public sealed class ServerClockTests
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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

    [Fact]
    public async Task WhenTheClockIsSetBackALittle_CertificatesAreStillIssued_AndBeginNoEarlierThanTheirAuthority()
    {
        using var folder = new TemporaryFolder();
        var ahead = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddSeconds(200));
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

    private static Action<WebApplicationBuilder> Clock(TimeProvider time) => builder => builder.Services.AddSingleton(time);
}
