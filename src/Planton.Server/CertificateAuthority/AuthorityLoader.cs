using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Planton.Server.Encryption;
using Planton.Server.Hosting;
using Planton.Server.Storage;

namespace Planton.Server.CertificateAuthority;

/// <summary>Reads the authorities, and makes the first one at the first start.</summary>
internal sealed partial class AuthorityLoader(
    IDbContextFactory<ControlPlaneContext> contexts,
    MasterKey masterKey,
    AuthorityMaker maker,
    DataDirectory data,
    TimeProvider time,
    ILogger<AuthorityLoader> logger)
{
    public async Task<AuthoritySet> LoadAsync(CancellationToken cancellationToken)
    {
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        return await LoadAsync(context, cancellationToken).ConfigureAwait(false)
            ?? await MakeAsync(context, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Null when there is none yet.</summary>
    public async Task<AuthoritySet?> LoadAsync(ControlPlaneContext context, CancellationToken cancellationToken)
    {
        var stored = await context.CertificateAuthorities.AsNoTracking().Where(authority => authority.RetiredAt == null)
            .OrderBy(authority => authority.CreatedAt).ThenBy(authority => authority.Id)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return stored.Count == 0 ? null : new AuthoritySet(stored.ConvertAll(Open));
    }

    private async Task<AuthoritySet> MakeAsync(ControlPlaneContext context, CancellationToken cancellationToken)
    {
        if (!data.IsFirstStart)
            throw data.NotNew("no certificate authority");
        var authority = maker.Add(context, "planton-" + AuthorityMaker.RandomName(), beside: false);
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        var end = authority.Certificate.NotAfter.ToUniversalTime();
        LogMade(authority.TrustDomain, end);
        return new AuthoritySet([authority]);
    }

    private Authority Open(CertificateAuthorityEntity stored)
    {
        if (!masterKey.TryOpen(AuthorityMaker.KeyPurpose, stored.SealedKey, out var plain))
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
            return new Authority(stored.Id, stored.TrustDomain, certificate.CopyWithPrivateKey(key));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Made a certificate authority for trust domain {TrustDomain}, valid until {NotAfter:u}")]
    private partial void LogMade(string trustDomain, DateTime notAfter);
}
