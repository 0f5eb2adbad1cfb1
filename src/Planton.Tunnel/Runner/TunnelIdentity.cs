using System.Security.Cryptography.X509Certificates;

namespace Planton.Tunnel.Runner;

/// <summary>As whom a runner dials, and whom it believes, at one moment.</summary>
/// <param name="Certificate">The runner's certificate with its private key.</param>
/// <param name="TrustedRoots">The only authorities that the gateway's certificate may come from.</param>
/// <param name="IssuedAt">When the certificate was issued, UTC. It begins a little before that.</param>
public sealed record TunnelIdentity(X509Certificate2 Certificate, X509Certificate2Collection TrustedRoots, DateTimeOffset IssuedAt)
{
    /// <summary>When the certificate ends, UTC.</summary>
    public DateTimeOffset ExpiresAt => new(Certificate.NotAfter.ToUniversalTime());

    /// <summary>Without the certificate: its key is nobody's to print.</summary>
    public override string ToString() => $"certificate {Certificate.SerialNumber} until {ExpiresAt:u}";
}
