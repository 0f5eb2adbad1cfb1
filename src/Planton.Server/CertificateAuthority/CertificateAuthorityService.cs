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
    private AuthoritySet? _authorities;
    private ServerIdentity? _server;

    /// <summary>The trust domain of every SPIFFE id; random, and the same for the life of the data.</summary>
    public string TrustDomain => Authorities.OfServer.TrustDomain;

    /// <summary>Those that are trusted now. They change while the server runs: ask each time.</summary>
    public AuthoritySet Authorities => Volatile.Read(ref _authorities) ?? throw new InvalidOperationException("The certificate authority is not loaded yet");

    /// <summary>The authorities that peers may come from. A bundle, so that a new one can be added before the old one goes.</summary>
    public X509Certificate2Collection TrustBundle => Authorities.TrustBundle;

    /// <summary><see cref="TrustBundle"/> in PEM.</summary>
    public string TrustBundlePem => Authorities.TrustBundlePem;

    /// <summary>The server's own certificate with its key. It changes when it is renewed: ask at each handshake.</summary>
    public X509Certificate2 ServerCertificate => Server.Certificate;

    /// <summary><see cref="ServerCertificate"/> ready for <see cref="SslStream"/>, without building a chain at each handshake.</summary>
    public SslStreamCertificateContext ServerCertificateContext => Server.Context;

    private ServerIdentity Server => Volatile.Read(ref _server) ?? throw new InvalidOperationException("The server's certificate is not made yet");

    /// <summary>Makes a key and a certificate for a runner. They are in the answer alone.</summary>
    public IssuedCertificate IssueRunnerCertificate(string spiffeId, TimeSpan lifetime)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signed = SignRunnerCertificate(new PublicKey(key), spiffeId, lifetime);
        return new IssuedCertificate(
            signed.Certificate.ExportCertificatePem() + "\n",
            PrivateKeyText.ToPem(key),
            signed.Certificate.SerialNumber,
            signed.Certificate.GetCertHashString(HashAlgorithmName.SHA256),
            signed.ExpiresAt)
        {
            AuthorityId = signed.AuthorityId,
            KeySha256 = signed.KeySha256,
        };
    }

    /// <inheritdoc cref="IssueRunnerCertificate(string, TimeSpan)"/>
    public IssuedCertificate IssueRunnerCertificate(string spiffeId) => IssueRunnerCertificate(spiffeId, options.RunnerLifetime ?? options.Lifetime);

    /// <summary>A certificate for a key that a runner has made.</summary>
    public SignedCertificate SignRunnerCertificate(PublicKey key, string spiffeId, TimeSpan lifetime)
    {
        var now = time.GetUtcNow();
        var authority = Authorities.OfRunners;
        return new SignedCertificate(
            CertificateMaker.MakeRunner(authority.Certificate, key, new Uri(spiffeId, UriKind.Absolute), now - options.ClockSkew, now + lifetime),
            authority.Id,
            KeyHash(key));
    }

    /// <summary>Tells public keys apart: upper-case hexadecimal.</summary>
    public static string KeyHash(PublicKey key) => Convert.ToHexString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));

    public void Use(AuthoritySet authorities) =>
        // Those before are left to the finalizer: one of them may be signing at this moment.
        Volatile.Write(ref _authorities, authorities);

    public void UseServerCertificate(X509Certificate2 certificate) =>
        // The one before is left to the finalizer: a handshake may be using it at this moment.
        Volatile.Write(ref _server, new ServerIdentity(certificate, SslStreamCertificateContext.Create(certificate, null, offline: true)));

    public X509Certificate2 MakeServerCertificate(IEnumerable<string> hosts)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = time.GetUtcNow();
        using var certificate = CertificateMaker.MakeServer(Authorities.OfServer.Certificate, key, hosts, now - options.ClockSkew, now + options.Lifetime);
        return certificate.CopyWithPrivateKey(key);
    }

    public void Dispose()
    {
        foreach (var authority in _authorities?.All ?? [])
            authority.Dispose();
        _server?.Certificate.Dispose();
    }

    private sealed record ServerIdentity(X509Certificate2 Certificate, SslStreamCertificateContext Context);
}
