using Microsoft.EntityFrameworkCore;
using Planton.Api.ApiKeys;
using Planton.Api.Errors;
using Planton.Server.Errors;
using Planton.Server.Storage;

namespace Planton.Server.ApiKeys;

/// <summary>The keys of one owner, inside the unit of work of whoever asks.</summary>
internal static class ApiKeyStore
{
    /// <summary>Newest first, the revoked ones too.</summary>
    public static async Task<List<ApiKey>> ListAsync(ControlPlaneContext context, ApiKeyOwner owner, CancellationToken cancellationToken)
    {
        var keys = await context.ApiKeys.AsNoTracking().Where(owner.Owns)
            .OrderByDescending(key => key.CreatedAt).ThenBy(key => key.Id).Take(ApiKeyLimits.MaxKept)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return keys.ConvertAll(ApiKeyView.Of);
    }

    /// <summary>Adds a key, if its owner has not too many.</summary>
    public static async Task<Result<NewApiKey>> AddAsync(
        ControlPlaneContext context, ApiKeyOwner owner, long? expiresInSeconds, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var kept = await context.ApiKeys.AsNoTracking().Where(owner.Owns)
            .Select(key => new { key.Id, key.CreatedAt, Ended = key.RevokedAt != null || (key.ExpiresAt != null && key.ExpiresAt <= now) })
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        if (kept.Count(key => !key.Ended) >= ApiKeyLimits.MaxValid)
            return new Error(ErrorCode.Conflict, $"there are {ApiKeyLimits.MaxValid} valid keys already, which is the most", "Revoke those that are not used: the list says when each was last used.");
        var forgotten = kept.Where(key => key.Ended).OrderBy(key => key.CreatedAt)
            .Take(kept.Count + 1 - ApiKeyLimits.MaxKept).Select(key => key.Id).ToList();
        if (forgotten.Count > 0)
            await context.ApiKeys.Where(key => forgotten.Contains(key.Id)).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);

        var issued = ApiKeyText.Generate();
        var stored = new ApiKeyEntity
        {
            Id = issued.Id,
            UserId = owner.UserId,
            ServiceAccountId = owner.ServiceAccountId,
            SecretHash = issued.SecretHash,
            Fingerprint = issued.Fingerprint,
            CreatedAt = now,
            ExpiresAt = expiresInSeconds is { } seconds ? now.AddSeconds(seconds) : null,
        };
        context.ApiKeys.Add(stored);
        return new NewApiKey(ApiKeyView.Of(stored), issued.Whole);
    }

    /// <summary>Revokes a key of that owner. One that is revoked already is no error: nothing more ends.</summary>
    public static async Task<Error?> RevokeAsync(
        ControlPlaneContext context, ApiKeyOwner owner, string id, DateTimeOffset now, Func<string, Error> notFound, CancellationToken cancellationToken)
    {
        var key = id.Length == ApiKeyText.IdLength
            ? await context.ApiKeys.Where(owner.Owns).SingleOrDefaultAsync(key => key.Id == id, cancellationToken).ConfigureAwait(false)
            : null;
        if (key is null)
            return notFound(id);
        key.RevokedAt ??= now;
        return null;
    }
}
