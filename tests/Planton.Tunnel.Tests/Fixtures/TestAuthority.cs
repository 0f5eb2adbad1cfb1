using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Planton.Tunnel.Gateway;

namespace Planton.Tunnel.Tests.Fixtures;

/// <summary>An authority with the certificates of both ends.</summary>
internal sealed class TestAuthority : IGatewayCertificates, IDisposable
{
    public const string TestTrustDomain = "test.planton";
    private readonly X509Certificate2 _root;
    private readonly X509Certificate2 _gateway;

    public TestAuthority(string gatewayName = "localhost")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        _root = request.CreateSelfSigned(Now.AddYears(-2), Now.AddYears(2));
        _gateway = Issue("CN=gateway", names =>
        {
            names.AddDnsName(gatewayName);
            names.AddIpAddress(IPAddress.Loopback);
        }, "1.3.6.1.5.5.7.3.1");
        TrustBundle = [X509CertificateLoader.LoadCertificate(_root.RawData)];
        ServerCertificate = SslStreamCertificateContext.Create(_gateway, null, offline: true);
    }

    public X509Certificate2Collection TrustBundle { get; }

    /// <summary>What the gateway tells its runners to trust, where that is not what it trusts itself.</summary>
    public X509Certificate2Collection? Told { get; set; }

    X509Certificate2Collection IGatewayCertificates.TrustBundle => Told ?? TrustBundle;

    public string TrustDomain => TestTrustDomain;

    public SslStreamCertificateContext ServerCertificate { get; }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public X509Certificate2 IssueRunner(
        string identity, string usage = "1.3.6.1.5.5.7.3.2", DateTimeOffset? notBefore = null, DateTimeOffset? notAfter = null) =>
        Issue("CN=runner", names => names.AddUri(new Uri(identity)), usage, notBefore, notAfter);

    /// <summary>Signs what a runner asks for, without its private key.</summary>
    public X509Certificate2 Renew(ReadOnlyMemory<byte> signingRequest, string identity, TimeSpan life)
    {
        var asked = CertificateRequest.LoadSigningRequest(signingRequest.Span, HashAlgorithmName.SHA256, out _);
        var request = new CertificateRequest(new X500DistinguishedName("CN=runner"), asked.PublicKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(identity));
        request.CertificateExtensions.Add(names.Build());
        return request.Create(_root, Now.AddMinutes(-1), Now + life, RandomNumberGenerator.GetBytes(12));
    }

    public X509Certificate2 Issue(
        string subject, Action<SubjectAlternativeNameBuilder>? names, string usage, DateTimeOffset? notBefore = null, DateTimeOffset? notAfter = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        if (names is not null)
        {
            var builder = new SubjectAlternativeNameBuilder();
            names(builder);
            request.CertificateExtensions.Add(builder.Build());
        }

        var serial = RandomNumberGenerator.GetBytes(12);
        using var certificate = request.Create(_root, notBefore ?? Now.AddHours(-1), notAfter ?? Now.AddDays(1), serial);
        return certificate.CopyWithPrivateKey(key);
    }

    public void Dispose()
    {
        _root.Dispose();
        _gateway.Dispose();
    }
}
