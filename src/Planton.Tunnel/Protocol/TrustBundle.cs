using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Planton.Tunnel.Protocol;

/// <summary>The authorities that an end of the tunnel trusts, as they pass through it.</summary>
public static class TrustBundle
{
    /// <summary>The most authorities of one bundle: a few overlap while one takes the place of another.</summary>
    public const int MaxAuthorities = 8;

    internal const int HashLength = 2 * SHA256.HashSizeInBytes;

    /// <summary>Tells bundles apart, whatever the order in them: lower-case hexadecimal.</summary>
    public static string Hash(X509Certificate2Collection authorities)
    {
        ArgumentNullException.ThrowIfNull(authorities);
        var each = authorities.Select(authority => authority.GetCertHashString(HashAlgorithmName.SHA256)).Order(StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Convert.FromHexString(string.Concat(each))));
    }

    internal static string ToHeader(X509Certificate2Collection authorities) =>
        string.Join(',', authorities.Select(authority => Convert.ToBase64String(authority.RawDataMemory.Span)));

    /// <summary>Null when it is none: too many, or not certificates of authorities.</summary>
    internal static X509Certificate2Collection? FromHeader(string? header)
    {
        if (header?.Split(',') is not { Length: <= MaxAuthorities } parts)
            return null;
        var authorities = new X509Certificate2Collection();
        foreach (var part in parts)
        {
            if (ReadCertificate(part) is not { } authority)
                return null;
            authorities.Add(authority);
            if (authority.Extensions.OfType<X509BasicConstraintsExtension>().SingleOrDefault() is not { CertificateAuthority: true })
                return null;
        }

        return authorities;
    }

    internal static X509Certificate2? ReadCertificate(string base64)
    {
        try
        {
            return X509CertificateLoader.LoadCertificate(Convert.FromBase64String(base64));
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return null;
        }
    }
}
