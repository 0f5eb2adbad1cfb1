using System.Security.Cryptography.X509Certificates;

namespace Planton.Tunnel.Gateway;

/// <summary>The answer to a runner that asked for its next certificate.</summary>
public sealed class CertificateRenewal
{
    private CertificateRenewal(X509Certificate2? certificate, string? code, string detail) =>
        (Certificate, Code, Detail) = (certificate, code, detail);

    /// <summary>The certificate, without a key; null when it is refused.</summary>
    public X509Certificate2? Certificate { get; }

    /// <summary>One of <see cref="Protocol.RenewalCode"/>; null when it is granted.</summary>
    public string? Code { get; }

    /// <summary>For people: why it is refused. No secrets.</summary>
    public string Detail { get; }

    /// <summary>It is granted.</summary>
    public static CertificateRenewal Issued(X509Certificate2 certificate) => new(certificate, null, "");

    /// <summary>It is not.</summary>
    public static CertificateRenewal Refused(string code, string detail) => new(null, code, detail);
}
