using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Planton.Api;
using Planton.Server.CertificateAuthority;
using Planton.Server.Hosting;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.CertificateAuthority;

public sealed class CertificateAuthorityTests
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const string Identity = "spiffe://planton-test/org/1/runner/2";

    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void TheAuthoritySignsEndEntitiesOnly()
    {
        using var authority = CertificateMaker.MakeAuthority("planton-test", Now, Now.AddYears(10));
        var constraints = authority.Extensions.OfType<X509BasicConstraintsExtension>().Single();
        Assert.True(constraints is { CertificateAuthority: true, HasPathLengthConstraint: true, PathLengthConstraint: 0, Critical: true });
        Assert.Equal(
            X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, authority.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages);
        using var key = authority.GetECDsaPublicKey()!;
        Assert.Equal(256, key.KeySize);
    }

    [Fact]
    public void ARunnersCertificateIsForClientsAlone()
    {
        using var service = Service(out var time);
        var issued = service.IssueRunnerCertificate(Identity, TimeSpan.FromDays(1));
        using var certificate = X509Certificate2.CreateFromPem(issued.CertificatePem, issued.PrivateKey.Reveal());
        Assert.Equal(Identity, certificate.SingleUri());
        var usages = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages;
        Assert.Equal([ClientAuthentication], usages.Cast<Oid>().Select(usage => usage.Value));
        Assert.False(certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        Assert.Equal(X509KeyUsageFlags.DigitalSignature, certificate.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages);
        Assert.Equal((issued.Serial, issued.Sha256), (certificate.SerialNumber, certificate.GetCertHashString(HashAlgorithmName.SHA256)));
        Assert.Equal(time.GetUtcNow().AddDays(1), issued.NotAfter);
        using var key = certificate.GetECDsaPublicKey()!;
        Assert.Equal("1.2.840.10045.3.1.7", key.ExportParameters(false).Curve.Oid.Value);
    }

    [Fact]
    public void ItBeginsBeforeNow_SoThatASlowClockTakesIt()
    {
        using var service = Service(out var time);
        var issued = service.IssueRunnerCertificate(Identity, TimeSpan.FromDays(1));
        using var certificate = X509Certificate2.CreateFromPem(issued.CertificatePem);
        Assert.True(certificate.IsIssuedBy(service.TrustBundle[0], ClientAuthentication, time.GetUtcNow().AddMinutes(-4)));
        Assert.False(certificate.IsIssuedBy(service.TrustBundle[0], ClientAuthentication, time.GetUtcNow().AddMinutes(-6)));
        Assert.False(certificate.IsIssuedBy(service.TrustBundle[0], ClientAuthentication, time.GetUtcNow().AddDays(1).AddSeconds(1)));
    }

    [Fact]
    public void ACertificateNeverOutlivesItsAuthority()
    {
        using var service = Service(out var _, authorityLife: TimeSpan.FromDays(10));
        var issued = service.IssueRunnerCertificate(Identity, TimeSpan.FromDays(90));
        Assert.Equal(new DateTimeOffset(service.TrustBundle[0].NotAfter.ToUniversalTime()), issued.NotAfter);
    }

    [Fact]
    public void AnotherAuthoritysCertificateIsNotTrusted()
    {
        using var ours = Service(out var time);
        using var theirs = Service(out _);
        var issued = theirs.IssueRunnerCertificate(Identity, TimeSpan.FromDays(1));
        using var certificate = X509Certificate2.CreateFromPem(issued.CertificatePem);
        Assert.False(certificate.IsIssuedBy(ours.TrustBundle[0], ClientAuthentication, time.GetUtcNow()));
    }

    [Fact]
    public void SerialsDifferAndTheKeyIsNotInTheString()
    {
        using var service = Service(out _);
        var issued = Enumerable.Range(0, 20).Select(_ => service.IssueRunnerCertificate(Identity, TimeSpan.FromDays(1))).ToList();
        Assert.Equal(20, issued.Select(certificate => certificate.Serial).Distinct().Count());
        Assert.All(issued, certificate =>
        {
            Assert.Equal(32, certificate.Serial.Length);
            Assert.DoesNotContain("PRIVATE", $"{certificate}", StringComparison.Ordinal);
        });
    }

    [Fact]
    public void WhatIsHandedOutHasNoPrivateKey()
    {
        using var service = Service(out _);
        Assert.False(service.TrustBundle[0].HasPrivateKey);
        Assert.DoesNotContain("PRIVATE", service.TrustBundlePem, StringComparison.Ordinal);
    }

    [Fact]
    public void BeforeItIsLoadedItSaysSo()
    {
        using var service = new CertificateAuthorityService(TimeProvider.System, new CertificateOptions());
        Assert.Throws<InvalidOperationException>(() => service.TrustDomain);
        Assert.Throws<InvalidOperationException>(() => service.ServerCertificate);
    }

    [Fact]
    public async Task TheServersCertificateHasEveryNameOfItsSettings()
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
    public async Task WhenTheNamesChange_ItIsMadeAnewByTheSameAuthority()
    {
        using var folder = new TemporaryFolder();
        string serial, bundle;
        await using (var first = await ServerFixture.StartInAsync(folder))
        {
            var service = first.Get<CertificateAuthorityService>();
            (serial, bundle) = (service.ServerCertificate.SerialNumber, service.TrustBundlePem);
        }

        await using var second = await ServerFixture.StartInAsync(folder, options => options with { PublicUrl = new Uri("https://new.example.com") });
        var again = second.Get<CertificateAuthorityService>();
        Assert.NotEqual(serial, again.ServerCertificate.SerialNumber);
        Assert.True(again.ServerCertificate.MatchesHostname("new.example.com"));
        Assert.Equal(bundle, again.TrustBundlePem);
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
        await Expect.EventuallyAsync("the certificate is renewed by itself", () =>
        {
            time.Advance(TimeSpan.FromHours(1));
            return Task.FromResult(service.ServerCertificate.SerialNumber != first);
        });
        Assert.True(service.ServerCertificate.NotAfter.ToUniversalTime() > time.GetUtcNow().AddDays(80).UtcDateTime);
    }

    [Fact]
    public async Task ADamagedServerCertificateIsMadeAnew()
    {
        using var folder = new TemporaryFolder();
        await using (await ServerFixture.StartInAsync(folder))
        {
        }

        await File.WriteAllBytesAsync(Path.Combine(folder.Data, "server-certificate.sealed"), [1, 2, 3], Cancellation);
        await using var server = await ServerFixture.StartInAsync(folder);
        Assert.True(server.Get<CertificateAuthorityService>().ServerCertificate.HasPrivateKey);
    }

    [Fact]
    public async Task TheAuthoritysKeyIsStoredSealed()
    {
        await using var server = await ServerFixture.StartAsync();
        var stored = await server.QueryAsync(context => context.CertificateAuthorities.SingleAsync(Cancellation));
        using var key = ECDsa.Create();
        Assert.ThrowsAny<CryptographicException>(() => key.ImportPkcs8PrivateKey(stored.SealedKey, out _));
        Assert.Matches("^planton-[0-9a-f]{8}$", stored.TrustDomain);
    }

    [Fact]
    public async Task WithAnotherMasterKeyTheServerDoesNotStart()
    {
        using var folder = new TemporaryFolder();
        await using (await ServerFixture.StartInAsync(folder))
        {
        }

        var other = folder.File("other-key");
        await File.WriteAllTextAsync(other, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), Cancellation);
        FileModes.Set(other, "600");
        var refused = await Assert.ThrowsAsync<StartupException>(
            () => ServerFixture.StartInAsync(folder, options => options with { MasterKeyFile = other }));
        Assert.Contains("master key is not the one", refused.Message, StringComparison.Ordinal);
    }

    private static CertificateAuthorityService Service(out FakeTimeProvider time, TimeSpan? authorityLife = null)
    {
        time = new FakeTimeProvider(Now);
        var service = new CertificateAuthorityService(time, new CertificateOptions());
        service.Use(new AuthoritySet(
            [new Authority("a1", "planton-test", CertificateMaker.MakeAuthority("planton-test", Now.AddHours(-1), Now + (authorityLife ?? TimeSpan.FromDays(3650))))]));
        return service;
    }
}
