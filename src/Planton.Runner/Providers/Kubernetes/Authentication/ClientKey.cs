using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Planton.Runner.Providers.Kubernetes.Authentication;

/// <summary>
/// The private key of a client certificate, in every form in which Kubernetes clients take one: PKCS#8, PKCS#1 or SEC 1, whatever its
/// PEM says that it is, and with other blocks beside it.
/// </summary>
internal static class ClientKey
{
    private const string Label = "PRIVATE KEY";
    private const string Rsa = "1.2.840.113549.1.1.1";
    private const string EllipticCurve = "1.2.840.10045.2.1";

    /// <summary>The kind of key, with its article, that TLS of this platform does not offer to programs; null when it does.</summary>
    public static string? Unsupported(X509Certificate2 certificate) => certificate.GetKeyAlgorithm() switch
    {
        Rsa or EllipticCurve => null,
        "1.3.101.112" => "an Ed25519",
        "1.3.101.113" => "an Ed448",
        var other => $"another kind of ({other})",
    };

    /// <summary>PKCS#8 says so in its label, and what is older in a header.</summary>
    public static bool IsEncrypted(string pem) =>
        pem.Contains("-----BEGIN ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal) || pem.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal);

    /// <exception cref="CryptographicException">There is no such key.</exception>
    /// <exception cref="ArgumentException">It is another certificate's.</exception>
    public static X509Certificate2 Join(X509Certificate2 certificate, string pem)
    {
        for (var rest = pem.AsSpan(); PemEncoding.TryFind(rest, out var block); rest = rest[block.Location.End..])
        {
            if (!rest[block.Label].EndsWith(Label, StringComparison.Ordinal))
                continue;
            var der = new byte[block.DecodedDataLength];
            try
            {
                _ = Convert.TryFromBase64Chars(rest[block.Base64Data], der, out var length);
                return Join(certificate, der.AsSpan(0, length));
            }
            finally
            {
                CryptographicOperations.ZeroMemory(der);
            }
        }

        throw new CryptographicException("there is no private key");
    }

    private static X509Certificate2 Join(X509Certificate2 certificate, ReadOnlySpan<byte> der)
    {
        if (certificate.GetKeyAlgorithm() == Rsa)
        {
            using var rsa = RSA.Create();
            Import(der, key => rsa.ImportRSAPrivateKey(key, out _), key => rsa.ImportPkcs8PrivateKey(key, out _));
            return certificate.CopyWithPrivateKey(rsa);
        }

        using var ec = ECDsa.Create();
        Import(der, key => ec.ImportECPrivateKey(key, out _), key => ec.ImportPkcs8PrivateKey(key, out _));
        return certificate.CopyWithPrivateKey(ec);
    }

    private static void Import(ReadOnlySpan<byte> der, Action<ReadOnlySpan<byte>> own, Action<ReadOnlySpan<byte>> general)
    {
        try
        {
            own(der);
        }
        catch (CryptographicException)
        {
            general(der);
        }
    }
}
