using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Planton.Server.CertificateAuthority;

/// <summary>
/// The authority behind the tunnel and the server's own TLS. Usable once <see cref="AuthorityLoader"/> has run, which is before
/// any listener is up.
/// </summary>
internal sealed class CertificateAuthorityService(TimeProvider time, CertificateOptions options) : IDisposable
{
    private Authority? _authority;
    private ServerIdentity? _server;

    /// <summary>The trust domain of every SPIFFE id; random, and the same for the life of the data.</summary>
    public string TrustDomain => Loaded.TrustDomain;

    /// <summary>The authorities that peers may come from. A bundle, so that a new one can be added before the old one goes.</summary>
    public X509Certificate2Collection TrustBundle => [Loaded.PublicCertificate];

    /// <summary><see cref="TrustBundle"/> in PEM.</summary>
    public string TrustBundlePem => Loaded.PublicCertificate.ExportCertificatePem() + "\n";

    /// <summary>The server's own certificate with its key. It changes when it is renewed: ask at each handshake.</summary>
    public X509Certificate2 ServerCertificate => Server.Certificate;

    /// <summary><see cref="ServerCertificate"/> ready for <see cref="SslStream"/>, without building a chain at each handshake.</summary>
    public SslStreamCertificateContext ServerCertificateContext => Server.Context;

    private Authority Loaded => _authority ?? throw new InvalidOperationException("The certificate authority is not loaded yet");

    private ServerIdentity Server => Volatile.Read(ref _server) ?? throw new InvalidOperationException("The server's certificate is not made yet");

    /// <summary>Makes a key and a certificate for a runner. They are in the answer alone.</summary>
    public IssuedCertificate IssueRunnerCertificate(string spiffeId, TimeSpan lifetime)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = time.GetUtcNow();
        using var certificate = CertificateMaker.MakeRunner(
            Loaded.Certificate, key, new Uri(spiffeId, UriKind.Absolute), now - options.ClockSkew, now + lifetime);
        return new IssuedCertificate(
            certificate.ExportCertificatePem() + "\n",
            PrivateKeyText.ToPem(key),
            certificate.SerialNumber,
            certificate.GetCertHashString(HashAlgorithmName.SHA256),
            new DateTimeOffset(certificate.NotAfter.ToUniversalTime()));
    }

    /// <inheritdoc cref="IssueRunnerCertificate(string, TimeSpan)"/>
    public IssuedCertificate IssueRunnerCertificate(string spiffeId) => IssueRunnerCertificate(spiffeId, options.Lifetime);

    public void Use(Authority authority) => _authority = authority;

    public void UseServerCertificate(X509Certificate2 certificate) =>
        // The one before is left to the finalizer: a handshake may be using it at this moment.
        Volatile.Write(ref _server, new ServerIdentity(certificate, SslStreamCertificateContext.Create(certificate, null, offline: true)));

    public X509Certificate2 MakeServerCertificate(IEnumerable<string> hosts)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = time.GetUtcNow();
        using var certificate = CertificateMaker.MakeServer(Loaded.Certificate, key, hosts, now - options.ClockSkew, now + options.Lifetime);
        return certificate.CopyWithPrivateKey(key);
    }

    public void Dispose()
    {
        _authority?.Dispose();
        _server?.Certificate.Dispose();
    }

    private sealed record ServerIdentity(X509Certificate2 Certificate, SslStreamCertificateContext Context);
}
