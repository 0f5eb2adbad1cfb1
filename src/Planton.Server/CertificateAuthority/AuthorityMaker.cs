using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Planton.Server.Encryption;
using Planton.Server.Storage;

namespace Planton.Server.CertificateAuthority;

/// <summary>Makes authorities, and seals their keys.</summary>
internal sealed class AuthorityMaker(MasterKey masterKey, CertificateOptions options, TimeProvider time)
{
    /// <summary>What an authority's key is sealed for.</summary>
    public const string KeyPurpose = "certificate-authority-key";

    private const int NameBytes = 4;

    /// <summary>Adds one to <paramref name="context"/>, which the caller saves. Beside others it bears a name of its own.</summary>
    public Authority Add(ControlPlaneContext context, string trustDomain, bool beside)
    {
        var now = time.GetStorableNow();
        var id = ControlPlaneContext.NewId();
        var name = beside ? $"{trustDomain} {RandomName()}" : trustDomain;
        var certificate = CertificateMaker.MakeAuthority(name, now - options.ClockSkew, now + options.AuthorityLifetime);
        using var key = certificate.GetECDsaPrivateKey()!;
        var plain = key.ExportPkcs8PrivateKey();
        try
        {
            context.CertificateAuthorities.Add(new CertificateAuthorityEntity
            {
                Id = id,
                TrustDomain = trustDomain,
                Certificate = certificate.RawData,
                SealedKey = masterKey.Seal(KeyPurpose, plain),
                CreatedAt = now,
            });
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }

        return new Authority(id, trustDomain, certificate);
    }

    public static string RandomName() => RandomNumberGenerator.GetHexString(NameBytes * 2, lowercase: true);
}
