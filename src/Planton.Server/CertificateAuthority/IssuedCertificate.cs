using Planton.Server.Encryption;

namespace Planton.Server.CertificateAuthority;

/// <summary>A certificate and its private key, given out once and kept nowhere.</summary>
/// <param name="CertificatePem">The certificate.</param>
/// <param name="PrivateKey">PKCS#8 in PEM.</param>
/// <param name="Serial">Upper-case hexadecimal.</param>
/// <param name="Sha256">Upper-case hexadecimal SHA-256 of the certificate's DER.</param>
/// <param name="NotAfter">UTC.</param>
internal sealed record IssuedCertificate(string CertificatePem, SecretBytes PrivateKey, string Serial, string Sha256, DateTimeOffset NotAfter)
{
    /// <summary>The authority that it comes from.</summary>
    public string AuthorityId { get; init; } = "";

    /// <summary>Upper-case hexadecimal SHA-256 of the public key.</summary>
    public string KeySha256 { get; init; } = "";

    /// <summary>Without the key: a record's own text would put it into any log that prints it.</summary>
    public override string ToString() => $"certificate {Serial} until {NotAfter:O}";
}
