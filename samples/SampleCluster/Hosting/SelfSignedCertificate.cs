using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SampleCluster.Hosting;

/// <summary>A certificate for one run, with the authority that clients are told to trust. Neither key leaves the process.</summary>
internal sealed class SelfSignedCertificate : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    private SelfSignedCertificate(X509Certificate2 authority, X509Certificate2 server) => (Server, AuthorityPem) = (server, authority.ExportCertificatePem());

    public X509Certificate2 Server { get; }

    public string AuthorityPem { get; }

    public static SelfSignedCertificate Make(IPAddress listen, DateTimeOffset now)
    {
        var (from, to) = (now - TimeSpan.FromHours(1), now + Lifetime);
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=Sample cluster authority (not Kubernetes)", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        authorityRequest.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(authorityRequest.PublicKey, false));
        using var authority = authorityRequest.CreateSelfSigned(from, to);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=sample-cluster", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        foreach (var address in new[] { IPAddress.Loopback, IPAddress.IPv6Loopback, listen }.Distinct())
            names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        using var unkeyed = request.Create(authority, from, to, RandomNumberGenerator.GetBytes(16));
        return new SelfSignedCertificate(authority, unkeyed.CopyWithPrivateKey(key));
    }

    public void Dispose() => Server.Dispose();
}
