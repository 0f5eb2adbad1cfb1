using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Planton.Server.CertificateAuthority;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.CertificateAuthority;

public sealed class CertificateAuthorityTests
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const string Identity = "spiffe://planton-test/org/1/runner/2";

    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

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

    private static CertificateAuthorityService Service(out FakeTimeProvider time, TimeSpan? authorityLife = null)
    {
        time = new FakeTimeProvider(Now);
        var service = new CertificateAuthorityService(time, new CertificateOptions());
        service.Use(new AuthoritySet(
            [new Authority("a1", "planton-test", CertificateMaker.MakeAuthority("planton-test", Now.AddHours(-1), Now + (authorityLife ?? TimeSpan.FromDays(3650))))]));
        return service;
    }
}
