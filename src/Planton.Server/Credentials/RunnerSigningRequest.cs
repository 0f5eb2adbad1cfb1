using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Planton.Server.Credentials;

/// <summary>
/// A PKCS#10 request of a runner (RFC 2986). All that is taken from it is the key, once its signature shows that whoever sent it
/// holds the private half; names and extensions are not even read.
/// </summary>
internal static class RunnerSigningRequest
{
    private const string EllipticCurve = "1.2.840.10045.2.1";

    // The object identifier of P-256, in DER: a key may also bring a curve of its own making.
    private static ReadOnlySpan<byte> P256 => [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];

    /// <summary>The key, or what is wrong.</summary>
    public static (PublicKey? Key, string? Fault) Read(ReadOnlySpan<byte> der)
    {
        try
        {
            var request = CertificateRequest.LoadSigningRequest(
                der, HashAlgorithmName.SHA256, out var read, CertificateRequestLoadOptions.SkipSignatureValidation);
            if (read != der.Length)
                return (null, "there is something behind the signing request");
            // Before the signature is checked: checking one of another kind may cost what its sender likes.
            if (request.PublicKey.Oid.Value != EllipticCurve || request.PublicKey.EncodedParameters is not { } parameters
                || !parameters.RawData.AsSpan().SequenceEqual(P256))
                return (null, "the key is not ECDSA on P-256");
            CertificateRequest.LoadSigningRequest(der, HashAlgorithmName.SHA256, out _);
            return (request.PublicKey, null);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or NotSupportedException)
        {
            return (null, "it is not a signing request, or its signature is not by its key");
        }
    }
}
