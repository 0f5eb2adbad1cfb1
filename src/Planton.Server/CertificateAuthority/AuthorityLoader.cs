using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Planton.Server.Encryption;
using Planton.Server.Hosting;
using Planton.Server.Storage;

namespace Planton.Server.CertificateAuthority;

/// <summary>Reads the authority at start, and makes it at the first one.</summary>
internal sealed partial class AuthorityLoader(
    IDbContextFactory<ControlPlaneContext> contexts,
    MasterKey masterKey,
    CertificateOptions options,
    TimeProvider time,
    ILogger<AuthorityLoader> logger)
{
    private const string KeyPurpose = "certificate-authority-key";
    private const int TrustDomainBytes = 4;

    public async Task<Authority> LoadAsync(CancellationToken cancellationToken)
    {
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var stored = await context.CertificateAuthorities.OrderBy(authority => authority.CreatedAt).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        return stored is null ? await MakeAsync(context, cancellationToken).ConfigureAwait(false) : Open(stored);
    }

    private async Task<Authority> MakeAsync(ControlPlaneContext context, CancellationToken cancellationToken)
    {
        var trustDomain = "planton-" + RandomNumberGenerator.GetHexString(TrustDomainBytes * 2, lowercase: true);
        var now = time.GetStorableNow();
        var certificate = CertificateMaker.MakeAuthority(trustDomain, now - options.ClockSkew, now + options.AuthorityLifetime);
        using var key = certificate.GetECDsaPrivateKey()!;
        var plain = key.ExportPkcs8PrivateKey();
        try
        {
            context.CertificateAuthorities.Add(new CertificateAuthorityEntity
            {
                Id = ControlPlaneContext.NewId(),
                TrustDomain = trustDomain,
                Certificate = certificate.RawData,
                SealedKey = masterKey.Seal(KeyPurpose, plain),
                CreatedAt = now,
            });
            await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }

        LogMade(trustDomain, now + options.AuthorityLifetime);
        return new Authority(trustDomain, certificate);
    }

    private Authority Open(CertificateAuthorityEntity stored)
    {
        if (!masterKey.TryOpen(KeyPurpose, stored.SealedKey, out var plain))
            throw new StartupException(
                "the master key is not the one that this data was encrypted with; give the right one with --master-key-file");
        try
        {
            using var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(plain, out var _);
            using var certificate = X509CertificateLoader.LoadCertificate(stored.Certificate);
            if (time.GetUtcNow() is var now && now.UtcDateTime < certificate.NotBefore.ToUniversalTime())
                throw new StartupException(
                    $"this machine's clock says {now.UtcDateTime:u}, which is before this data was made ({certificate.NotBefore.ToUniversalTime():u}); set the clock right. "
                    + "If it was wrong when the data was made, begin with a new --data folder");
            return new Authority(stored.TrustDomain, certificate.CopyWithPrivateKey(key));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Made a certificate authority for trust domain {TrustDomain}, valid until {NotAfter:u}")]
    private partial void LogMade(string trustDomain, DateTimeOffset notAfter);
}
