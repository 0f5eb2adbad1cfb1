using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Planton.Server.CertificateAuthority;
using Planton.Tunnel.Gateway;

namespace Planton.Server.Gateway;

/// <summary>The gateway's view of the certificate authority.</summary>
internal sealed class GatewayCertificates(CertificateAuthorityService authority) : IGatewayCertificates
{
    public string TrustDomain => authority.TrustDomain;

    public SslStreamCertificateContext ServerCertificate => authority.ServerCertificateContext;

    public X509Certificate2Collection TrustBundle => authority.TrustBundle;
}
