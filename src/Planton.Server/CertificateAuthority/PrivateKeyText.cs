using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using Planton.Server.Encryption;

namespace Planton.Server.CertificateAuthority;

/// <summary>
/// Writes a new P-256 key as PKCS#8 in PEM (RFC 5958, RFC 5915, RFC 7468). The framework does the same into strings and buffers
/// that stay in memory for as long as nothing else takes their place.
/// </summary>
internal static class PrivateKeyText
{
    private const int LineLength = 64;
    private const int CoordinateLength = 32;

    private static ReadOnlySpan<byte> Begin => "-----BEGIN PRIVATE KEY-----\n"u8;

    private static ReadOnlySpan<byte> End => "-----END PRIVATE KEY-----\n"u8;

    // PrivateKeyInfo { version 0, { id-ecPublicKey, prime256v1 }, OCTET STRING { ECPrivateKey { version 1, OCTET STRING of 32 bytes
    private static ReadOnlySpan<byte> BeforeScalar =>
    [
        0x30, 0x81, 0x87, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48,
        0xCE, 0x3D, 0x03, 0x01, 0x07, 0x04, 0x6D, 0x30, 0x6B, 0x02, 0x01, 0x01, 0x04, 0x20,
    ];

    // [1] { BIT STRING of an uncompressed point
    private static ReadOnlySpan<byte> BeforePoint => [0xA1, 0x44, 0x03, 0x42, 0x00, 0x04];

    /// <summary>The key must be on P-256 and exportable.</summary>
    public static SecretBytes ToPem(ECDsa key)
    {
        var parameters = key.ExportParameters(includePrivateParameters: true);
        try
        {
            Debug.Assert(parameters.D!.Length == CoordinateLength, "not on P-256");
            using var der = new SecretBytes(BeforeScalar.Length + BeforePoint.Length + (3 * CoordinateLength));
            var rest = Put(BeforeScalar, der.Span);
            rest = Put(parameters.D, rest);
            rest = Put(BeforePoint, rest);
            rest = Put(parameters.Q.X, rest);
            Put(parameters.Q.Y, rest);
            return Armor(der.Span);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(parameters.D);
        }
    }

    private static SecretBytes Armor(ReadOnlySpan<byte> der)
    {
        using var base64 = new SecretBytes(Base64.GetMaxEncodedToUtf8Length(der.Length));
        Base64.EncodeToUtf8(der, base64.Span, out var _, out var _);
        var lines = (base64.Span.Length + LineLength - 1) / LineLength;
        var pem = new SecretBytes(Begin.Length + base64.Span.Length + lines + End.Length);
        var rest = Put(Begin, pem.Span);
        for (var left = (ReadOnlySpan<byte>)base64.Span; !left.IsEmpty;)
        {
            var line = left[..Math.Min(LineLength, left.Length)];
            rest = Put("\n"u8, Put(line, rest));
            left = left[line.Length..];
        }

        Put(End, rest);
        return pem;
    }

    private static Span<byte> Put(ReadOnlySpan<byte> what, Span<byte> into)
    {
        what.CopyTo(into);
        return into[what.Length..];
    }
}
