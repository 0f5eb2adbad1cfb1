using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Planton.Api;
using Planton.Server.CertificateAuthority;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.CertificateAuthority;

/// <summary>The server's own certificate, which is kept in a file and in no database.</summary>
public sealed class ServerCertificateTests
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ItHasEveryNameOfTheSettings()
    {
        await using var server = await ServerFixture.StartAsync(options => options with
        {
            PublicUrl = new Uri("https://Planton.Example.com/x"), PublicTunnel = new HostAndPort("tunnel.example.com", 443),
        });
        var service = server.Get<CertificateAuthorityService>();
        foreach (var name in new[] { "localhost", "127.0.0.1", "::1", "planton.example.com", "tunnel.example.com" })
            Assert.True(service.ServerCertificate.MatchesHostname(name), name);
        Assert.False(service.ServerCertificate.MatchesHostname("example.com"));
        Assert.True(service.ServerCertificate.IsIssuedBy(service.TrustBundle[0], ServerAuthentication, TimeProvider.System.GetUtcNow()));
        Assert.False(service.ServerCertificate.IsIssuedBy(service.TrustBundle[0], ClientAuthentication, TimeProvider.System.GetUtcNow()));
    }

    [Fact]
    public async Task WhenItNearsItsEnd_ItIsRenewedWithoutARestart()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var server = await ServerFixture.StartAsync(configure: builder => builder.Services.AddSingleton<TimeProvider>(time));
        var service = server.Get<CertificateAuthorityService>();
        var store = server.Get<ServerCertificateStore>();
        var first = service.ServerCertificate.SerialNumber;
        time.Advance(TimeSpan.FromDays(59));
        await store.RenewIfDueAsync(Cancellation);
        Assert.Equal(first, service.ServerCertificate.SerialNumber);
        time.Advance(TimeSpan.FromDays(2));
        await Eventually.BecomesTrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromHours(1));
                return service.ServerCertificate.SerialNumber != first;
            },
            "the certificate is renewed by itself",
            cancellationToken: Cancellation);
        Assert.True(service.ServerCertificate.NotAfter.ToUniversalTime() > time.GetUtcNow().AddDays(80).UtcDateTime);
    }

    [Fact]
    public async Task ADamagedOneIsReplaced()
    {
        using var folder = new TemporaryFolder();
        await ServerTemplate.CopyToAsync(folder, DatabaseKind.Sqlite);
        var file = Path.Combine(folder.Data, "server-certificate.sealed");
        Assert.True(File.Exists(file));
        await File.WriteAllBytesAsync(file, [1, 2, 3], Cancellation);
        await using var server = await ServerFixture.StartInAsync(folder);
        Assert.True(server.Get<CertificateAuthorityService>().ServerCertificate.HasPrivateKey);
    }
}
