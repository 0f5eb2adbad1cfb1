using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Planton.Server.CertificateAuthority;

/// <summary>Builds certificates; knows what goes into each kind, and keeps nothing.</summary>
internal static class CertificateMaker
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const int SerialBytes = 16;

    /// <summary>A self-signed authority that may sign end entities only (path length 0). Returned with its private key.</summary>
    public static X509Certificate2 MakeAuthority(string name, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=Planton CA {name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(notBefore, notAfter);
    }

    /// <summary>A runner's certificate: client authentication alone, and one URI as its identity.</summary>
    public static X509Certificate2 MakeRunner(X509Certificate2 authority, PublicKey key, Uri spiffeId, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        // The identity is the URI. The subject is for people, and nothing reads it.
        var request = new CertificateRequest(new X500DistinguishedName("CN=Planton runner"), key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(spiffeId);
        request.CertificateExtensions.Add(names.Build());
        return SignEndEntity(authority, request, ClientAuthentication, notBefore, notAfter);
    }

    /// <summary>A server's certificate for the given DNS names and addresses.</summary>
    public static X509Certificate2 MakeServer(
        X509Certificate2 authority, ECDsa key, IEnumerable<string> hosts, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        var request = new CertificateRequest("CN=Planton control plane", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
                names.AddIpAddress(address);
            else
                names.AddDnsName(new IdnMapping().GetAscii(host));
        }

        request.CertificateExtensions.Add(names.Build());
        return SignEndEntity(authority, request, ServerAuthentication, notBefore, notAfter);
    }

    private static X509Certificate2 SignEndEntity(
        X509Certificate2 authority, CertificateRequest request, string usage, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        return request.Create(authority, Later(notBefore, authority.NotBefore), Earlier(notAfter, authority.NotAfter), NewSerial());
    }

    // A certificate that outlives its authority is refused by what checks it, at a time nobody expects.
    private static DateTimeOffset Earlier(DateTimeOffset one, DateTime other) => one.UtcDateTime < other.ToUniversalTime() ? one : other;

    // Back-dated past the beginning of its authority when the clock was set back a little since that was made.
    private static DateTimeOffset Later(DateTimeOffset one, DateTime other) => one.UtcDateTime > other.ToUniversalTime() ? one : other;

    private static byte[] NewSerial()
    {
        var serial = RandomNumberGenerator.GetBytes(SerialBytes);
        // Positive, and of the same length always: a leading zero byte would be dropped when it is printed.
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        return serial;
    }
}
