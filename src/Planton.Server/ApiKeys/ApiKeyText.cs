using System.Buffers;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using Planton.Server.Encryption;

namespace Planton.Server.ApiKeys;

/// <summary>
/// The form of API keys: <c>pck_</c>, 12 characters of public id, 32 of secret, 6 of checksum, all base62. The prefix and the
/// checksum let secret scanners find leaked keys without asking us, and let us tell a mistyped key from an unknown one.
/// </summary>
internal static class ApiKeyText
{
    public const string Prefix = "pck_";
    public const int IdLength = 12;
    public const int SecretLength = 32;
    public const int ChecksumLength = 6;
    public const int Length = 4 + IdLength + SecretLength + ChecksumLength;

    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int FingerprintLength = 8;

    private static readonly SearchValues<char> Base62Characters = SearchValues.Create(Base62);

    private static ReadOnlySpan<byte> Base62Bytes => "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8;

    public static IssuedApiKey Generate()
    {
        var whole = new SecretBytes(Length);
        Encoding.ASCII.GetBytes(Prefix, whole.Span);
        var body = whole.Span.Slice(Prefix.Length, IdLength + SecretLength);
        RandomNumberGenerator.GetItems(Base62Bytes, body);
        Encoding.ASCII.GetBytes(Checksum(body), whole.Span[^ChecksumLength..]);
        var hash = SHA256.HashData(body[IdLength..]);
        return new IssuedApiKey(Encoding.ASCII.GetString(body[..IdLength]), whole, hash, Convert.ToHexStringLower(hash)[..FingerprintLength]);
    }

    /// <summary>Takes a key apart.</summary>
    public static ApiKeyForm TryParse(ReadOnlySpan<char> text, out string id, out string secret)
    {
        id = secret = "";
        if (text.Length != Length || !text.StartsWith(Prefix, StringComparison.Ordinal) || text[Prefix.Length..].ContainsAnyExcept(Base62Characters))
            return ApiKeyForm.Malformed;
        var body = text.Slice(Prefix.Length, IdLength + SecretLength);
        Span<byte> ascii = stackalloc byte[IdLength + SecretLength];
        Encoding.ASCII.GetBytes(body, ascii);
        if (!text[^ChecksumLength..].SequenceEqual(Checksum(ascii)))
            return ApiKeyForm.WrongChecksum;
        id = body[..IdLength].ToString();
        secret = body[IdLength..].ToString();
        return ApiKeyForm.Good;
    }

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.ASCII.GetBytes(secret));

    private static string Checksum(ReadOnlySpan<byte> body)
    {
        var rest = Crc32.HashToUInt32(body);
        Span<char> digits = stackalloc char[ChecksumLength];
        for (var place = ChecksumLength - 1; place >= 0; place--)
        {
            digits[place] = Base62[(int)(rest % Base62.Length)];
            rest /= (uint)Base62.Length;
        }

        return digits.ToString();
    }
}
