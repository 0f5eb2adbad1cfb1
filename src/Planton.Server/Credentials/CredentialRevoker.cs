using Microsoft.EntityFrameworkCore;
using Planton.Server.Authorization;
using Planton.Server.Storage;

namespace Planton.Server.Credentials;

/// <summary>Marks credentials and their API keys as revoked, inside the transaction of whoever asks.</summary>
internal static class CredentialRevoker
{
    /// <summary>Revokes those of a runner's credentials that are not yet; <paramref name="credentialId"/> null: all of them.</summary>
    public static async Task<RevokedCredentials> RevokeAsync(
        ControlPlaneContext context, string runnerId, string? credentialId, CallerIdentity caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var credentials = await context.RunnerCredentials
            .Where(credential => credential.RunnerId == runnerId && credential.RevokedAt == null && (credentialId == null || credential.Id == credentialId))
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var credential in credentials)
            (credential.RevokedAt, credential.RevokedByKind, credential.RevokedById) = (now, caller.Kind, caller.Id);

        var ids = credentials.ConvertAll(credential => credential.Id);
        var keys = await context.ApiKeys
            .Where(key => key.RevokedAt == null && key.CredentialId != null && ids.Contains(key.CredentialId))
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var key in keys)
            key.RevokedAt = now;
        // What had expired is revoked as well, lest a clock that is put back revive it; it is not counted as lost.
        return new RevokedCredentials(
            ids.ToHashSet(StringComparer.Ordinal),
            credentials.Count(credential => credential.ExpiresAt > now),
            keys.Count(key => key.ExpiresAt is null || key.ExpiresAt > now));
    }
}
