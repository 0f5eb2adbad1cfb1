using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Planton.Server.CertificateAuthority;
using Planton.Server.Credentials;
using Planton.Server.Hosting;
using Planton.Server.Storage;

namespace Planton.Server.Offline;

/// <summary><c>planton-server ca list</c></summary>
internal static class AuthorityListCommand
{
    public const string Description = "Lists the certificate authorities, oldest first, the retired ones too";

    public static async Task<int> RunAsync(ServerOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        var data = await OfflineData.OpenSharedAsync(options, cancellationToken).ConfigureAwait(false);
        await using var _ = data.ConfigureAwait(false);
        await PrintAsync(data, output, cancellationToken).ConfigureAwait(false);
        return ServerExit.Ok;
    }

    public static async Task PrintAsync(OfflineData data, TextWriter output, CancellationToken cancellationToken)
    {
        var context = await data.Contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var now = data.Get<TimeProvider>().GetStorableNow();
        var stored = await context.CertificateAuthorities.AsNoTracking()
            .OrderBy(authority => authority.CreatedAt).ThenBy(authority => authority.Id).ToListAsync(cancellationToken).ConfigureAwait(false);
        var active = stored.FindAll(authority => authority.RetiredAt is null);
        var rows = new List<AuthorityRow>();
        foreach (var authority in stored)
            rows.Add(await RowAsync(context, authority, active, now, cancellationToken).ConfigureAwait(false));
        await output.WriteLineAsync(JsonSerializer.Serialize(rows, OfflineJson.Default.IReadOnlyListAuthorityRow)).ConfigureAwait(false);
    }

    private static async Task<AuthorityRow> RowAsync(
        ControlPlaneContext context, CertificateAuthorityEntity stored, List<CertificateAuthorityEntity> active, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        using var certificate = X509CertificateLoader.LoadCertificate(stored.Certificate);
        var retired = stored.RetiredAt is not null;
        return new AuthorityRow
        {
            Id = stored.Id,
            Subject = certificate.Subject,
            Sha256 = certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant(),
            CreatedAt = stored.CreatedAt,
            ExpiresAt = new DateTimeOffset(certificate.NotAfter.ToUniversalTime()),
            State = retired ? "retired" : stored == active[^1] ? "issuing" : "trusted",
            OfServer = stored == active[0],
            RunnerCertificates = await context.RunnerCertificates
                .Where(issued => issued.AuthorityId == stored.Id && issued.ExpiresAt > now)
                .Join(
                    context.RunnerCredentials.Where(credential => credential.RevokedAt == null),
                    issued => issued.CredentialId, credential => credential.Id, (issued, _) => issued)
                .CountAsync(cancellationToken).ConfigureAwait(false),
            NeededBy = retired ? 0 : (await StrandedCredentials.FindAsync(context, stored.Id, now, cancellationToken).ConfigureAwait(false)).Count,
            RetiredAt = stored.RetiredAt,
        };
    }
}
