using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Planton.Tunnel.Gateway;

/// <summary>The gateway's keys and trust, asked at each handshake so that they can be renewed without a restart.</summary>
public interface IGatewayCertificates
{
    /// <summary>The trust domain that runners' identities must be of.</summary>
    string TrustDomain { get; }

    /// <summary>The gateway's certificate with its key and chain.</summary>
    SslStreamCertificateContext ServerCertificate { get; }

    /// <summary>The authorities that runners' certificates may come from.</summary>
    X509Certificate2Collection TrustBundle { get; }
}
