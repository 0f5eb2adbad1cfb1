using Microsoft.EntityFrameworkCore;
using Planton.Api.Credentials;
using Planton.Api.Identity;
using Planton.Server.Authorization;
using Planton.Server.Storage;

namespace Planton.Server.Credentials;

internal static class CredentialQueries
{
    // Credentials are kept for good: the newest are what anyone looks for.
    private const int MaxListed = 1_000;

    public static async Task<List<RunnerCredential>> ListAsync(
        ControlPlaneContext context, string runnerId, IReadOnlyDictionary<string, int> connected, CancellationToken cancellationToken)
    {
        var rows = await context.RunnerCredentials.AsNoTracking()
            .Where(credential => credential.RunnerId == runnerId)
            .OrderByDescending(credential => credential.Id)
            .Take(MaxListed)
            .Join(context.ApiKeys, credential => credential.ApiKeyId, key => key.Id, (credential, key) => new { Credential = credential, key.LastUsedAt })
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        var ids = rows.ConvertAll(row => row.Credential.Id);
        var certificates = (await context.RunnerCertificates.AsNoTracking()
                .Where(certificate => ids.Contains(certificate.CredentialId)).ToListAsync(cancellationToken).ConfigureAwait(false))
            .GroupBy(certificate => certificate.CredentialId, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.MaxBy(certificate => certificate.Id, StringComparer.Ordinal)!, StringComparer.Ordinal);
        var names = await NamesAsync(
            context, [.. rows.SelectMany(row => new[] { row.Credential.CreatedById, row.Credential.RevokedById }).OfType<string>().Distinct()],
            cancellationToken).ConfigureAwait(false);
        return
        [
            .. rows.OrderByDescending(row => row.Credential.Id, StringComparer.Ordinal).Select(row => new RunnerCredential
            {
                Id = row.Credential.Id,
                CertificateSerial = certificates[row.Credential.Id].Serial,
                ApiKeyId = row.Credential.ApiKeyId,
                CreatedBy = NameOf(row.Credential.CreatedByKind, row.Credential.CreatedById),
                CreatedAt = row.Credential.CreatedAt,
                ExpiresAt = row.Credential.ExpiresAt,
                RenewedAt = certificates[row.Credential.Id] is { Renewed: true } latest ? latest.CreatedAt : null,
                LastUsedAt = Later(row.Credential.LastUsedAt, row.LastUsedAt),
                RevokedAt = row.Credential.RevokedAt,
                RevokedBy = row.Credential is { RevokedByKind: { } kind, RevokedById: { } id } ? NameOf(kind, id) : null,
                Connected = connected.GetValueOrDefault(row.Credential.Id),
            }),
        ];

        Actor NameOf(string kind, string id) => new(kind, names.GetValueOrDefault((kind, id), id));
    }

    private static async Task<Dictionary<(string Kind, string Id), string>> NamesAsync(
        ControlPlaneContext context, List<string> ids, CancellationToken cancellationToken)
    {
        var users = await context.Users.Where(user => ids.Contains(user.Id))
            .Select(user => new { user.Id, user.Name }).ToListAsync(cancellationToken).ConfigureAwait(false);
        var accounts = await context.ServiceAccounts.Where(account => ids.Contains(account.Id))
            .Select(account => new { account.Id, account.Name }).ToListAsync(cancellationToken).ConfigureAwait(false);
        return users.Select(user => ((CallerKind.User, user.Id), user.Name))
            .Concat(accounts.Select(account => ((CallerKind.ServiceAccount, account.Id), account.Name)))
            .ToDictionary(pair => pair.Item1, pair => pair.Name);
    }

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null ? other : other is null ? one : one > other ? one : other;
}
