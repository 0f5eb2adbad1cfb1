using System.Security.Cryptography.X509Certificates;

namespace Planton.Server.CertificateAuthority;

/// <summary>One certificate authority with its private key.</summary>
internal sealed class Authority(string id, string trustDomain, X509Certificate2 certificate) : IDisposable
{
    public string Id { get; } = id;

    public string TrustDomain { get; } = trustDomain;

    /// <summary>With the private key.</summary>
    public X509Certificate2 Certificate { get; } = certificate;

    /// <summary>Without it: what may be handed to others.</summary>
    public X509Certificate2 PublicCertificate { get; } = X509CertificateLoader.LoadCertificate(certificate.RawDataMemory.Span);

    public void Dispose()
    {
        Certificate.Dispose();
        PublicCertificate.Dispose();
    }
}
