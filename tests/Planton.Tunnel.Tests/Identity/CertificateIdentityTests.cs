using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Planton.Tunnel.Identity;
using Planton.Tunnel.Tests.Fixtures;

namespace Planton.Tunnel.Tests.Identity;

public sealed class CertificateIdentityTests : IDisposable
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void TheOneUriName_IsTheIdentity()
    {
        using var certificate = _authority.Issue("CN=x", names =>
        {
            names.AddDnsName("some.host");
            names.AddUri(new Uri(TestRunner.Identity));
        }, ClientAuthentication);

        Assert.Equal(TestRunner.Identity, CertificateIdentity.Read(certificate)!.ToString());
    }

    [Fact]
    public void NoNamesAtAll_IsNoIdentity()
    {
        using var certificate = _authority.Issue("CN=x", null, ClientAuthentication);

        Assert.Null(CertificateIdentity.Read(certificate));
    }

    [Fact]
    public void TwoUriNames_AreNoIdentity()
    {
        using var certificate = _authority.Issue("CN=x", names =>
        {
            names.AddUri(new Uri(TestRunner.Identity));
            names.AddUri(new Uri("spiffe://test.planton/org/other/runner/other"));
        }, ClientAuthentication);

        Assert.Null(CertificateIdentity.Read(certificate));
    }

    [Fact]
    public void AnIdentityInTheCommonName_IsNone()
    {
        using var certificate = _authority.Issue($"CN=\"{TestRunner.Identity}\"", names => names.AddDnsName("x"), ClientAuthentication);

        Assert.Null(CertificateIdentity.Read(certificate));
    }

    [Fact]
    public void AMalformedExtension_IsNoIdentity()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension("2.5.29.17", [0x30, 0x50, 0x86, 0x01], critical: false));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));

        Assert.Null(CertificateIdentity.Read(certificate));
    }
}
