using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Planton.Runner.Tests.Fixtures;

/// <summary>A certificate authority of a test's own.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    public TestAuthority(string name = "Test Authority")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        Root = request.CreateSelfSigned(_now.AddDays(-2), _now.AddDays(10));
    }

    public X509Certificate2 Root { get; }

    public string Pem => Root.ExportCertificatePem();

    public X509Certificate2Collection Roots => [X509CertificateLoader.LoadCertificate(Root.RawData)];

    public X509Certificate2 Server(string[]? names = null, TimeSpan? validFor = null) =>
        Issue("CN=server", "1.3.6.1.5.5.7.3.1", validFor, san =>
        {
            foreach (var name in names ?? ["127.0.0.1", "localhost"])
            {
                if (IPAddress.TryParse(name, out var address))
                    san.AddIpAddress(address);
                else
                    san.AddDnsName(name);
            }
        });

    public X509Certificate2 Client(string name, string? uri = null, TimeSpan? validFor = null) =>
        Issue($"CN={name}", "1.3.6.1.5.5.7.3.2", validFor, san =>
        {
            if (uri is not null)
                san.AddUri(new Uri(uri));
            else
                san.AddDnsName(name);
        });

    /// <summary>A runner's certificate for the key of a signing request.</summary>
    public X509Certificate2 Sign(ReadOnlyMemory<byte> signingRequest, string uri)
    {
        var asked = CertificateRequest.LoadSigningRequest(signingRequest.Span, HashAlgorithmName.SHA256, out _);
        var request = new CertificateRequest(new X500DistinguishedName("CN=runner"), asked.PublicKey, HashAlgorithmName.SHA256);
        var san = new SubjectAlternativeNameBuilder();
        san.AddUri(new Uri(uri));
        request.CertificateExtensions.Add(san.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Root, true, false));
        return request.Create(Root, _now.AddMinutes(-5), _now.AddDays(1), RandomNumberGenerator.GetBytes(8));
    }

    public void Dispose() => Root.Dispose();

    private X509Certificate2 Issue(string subject, string usage, TimeSpan? validFor, Action<SubjectAlternativeNameBuilder> names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var san = new SubjectAlternativeNameBuilder();
        names(san);
        request.CertificateExtensions.Add(san.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Root, true, false));
        using var certificate = request.Create(Root, _now.AddDays(-1), _now + (validFor ?? TimeSpan.FromDays(1)), RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }
}
