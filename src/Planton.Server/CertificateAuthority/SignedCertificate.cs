using System.Security.Cryptography.X509Certificates;

namespace Planton.Server.CertificateAuthority;

/// <summary>A certificate for a key that somebody else holds.</summary>
internal sealed record SignedCertificate(X509Certificate2 Certificate, string AuthorityId, string KeySha256) : IDisposable
{
    public DateTimeOffset ExpiresAt => new(Certificate.NotAfter.ToUniversalTime());

    public void Dispose() => Certificate.Dispose();
}
