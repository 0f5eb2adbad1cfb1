using System.Buffers;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;

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

    public static IssuedApiKey Generate()
    {
        var id = RandomNumberGenerator.GetString(Base62, IdLength);
        var secret = RandomNumberGenerator.GetString(Base62, SecretLength);
        var hash = Hash(secret);
        return new IssuedApiKey(id, Prefix + id + secret + Checksum(id + secret), hash, Convert.ToHexStringLower(hash)[..FingerprintLength]);
    }

    /// <summary>Takes a key apart.</summary>
    public static ApiKeyForm TryParse(ReadOnlySpan<char> text, out string id, out string secret)
    {
        id = secret = "";
        if (text.Length != Length || !text.StartsWith(Prefix, StringComparison.Ordinal) || text[Prefix.Length..].ContainsAnyExcept(Base62Characters))
            return ApiKeyForm.Malformed;
        var body = text.Slice(Prefix.Length, IdLength + SecretLength);
        if (!text[^ChecksumLength..].SequenceEqual(Checksum(body)))
            return ApiKeyForm.WrongChecksum;
        id = body[..IdLength].ToString();
        secret = body[IdLength..].ToString();
        return ApiKeyForm.Good;
    }

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.ASCII.GetBytes(secret));

    private static string Checksum(ReadOnlySpan<char> body)
    {
        Span<byte> ascii = stackalloc byte[IdLength + SecretLength];
        Encoding.ASCII.GetBytes(body, ascii);
        var rest = Crc32.HashToUInt32(ascii);
        Span<char> digits = stackalloc char[ChecksumLength];
        for (var place = ChecksumLength - 1; place >= 0; place--)
        {
            digits[place] = Base62[(int)(rest % Base62.Length)];
            rest /= (uint)Base62.Length;
        }

        return digits.ToString();
    }
}
