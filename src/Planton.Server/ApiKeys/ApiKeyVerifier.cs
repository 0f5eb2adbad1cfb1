using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Planton.Server.Authorization;
using Planton.Server.Storage;

namespace Planton.Server.ApiKeys;

/// <summary>Finds the owner of a presented API key.</summary>
internal sealed class ApiKeyVerifier(
    IDbContextFactory<ControlPlaneContext> contexts, ApiKeyOwnerCache cache, ApiKeyUsage usage, TimeProvider time)
{
    public async Task<ApiKeyVerdict> VerifyAsync(string text, CancellationToken cancellationToken)
    {
        var form = ApiKeyText.TryParse(text, out var id, out var secret);
        if (form != ApiKeyForm.Good)
            return new ApiKeyVerdict(null, form == ApiKeyForm.Malformed ? ApiKeyErrors.Malformed : ApiKeyErrors.WrongChecksum, null);
        var hash = ApiKeyText.Hash(secret);
        if (cache.TryGet(id, out var cachedHash, out var cachedCaller) && CryptographicOperations.FixedTimeEquals(hash, cachedHash))
            return Accept(id, cachedCaller);

        var generation = cache.Generation;
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var key = await context.ApiKeys.AsNoTracking().SingleOrDefaultAsync(key => key.Id == id, cancellationToken).ConfigureAwait(false);
        if (key is null)
            return new ApiKeyVerdict(null, ApiKeyErrors.Unknown, null);
        // Before anything else is said of it: only who holds the secret may learn that the key was revoked or has expired.
        if (!CryptographicOperations.FixedTimeEquals(hash, key.SecretHash))
            return new ApiKeyVerdict(null, ApiKeyErrors.Unknown, key);
        if (key.RevokedAt is { } revoked)
            return new ApiKeyVerdict(null, ApiKeyErrors.Revoked(id, revoked), key);
        if (key.ExpiresAt is { } expires && expires <= time.GetUtcNow())
            return new ApiKeyVerdict(null, ApiKeyErrors.Expired(id, expires), key);
        if (await CallerReader.ReadAsync(context, key, cancellationToken).ConfigureAwait(false) is not { } caller)
            return new ApiKeyVerdict(null, ApiKeyErrors.Unknown, key);
        cache.Set(id, key.SecretHash, caller, generation);
        return Accept(id, caller);
    }

    private ApiKeyVerdict Accept(string id, CallerIdentity caller)
    {
        usage.Note(id);
        return new ApiKeyVerdict(caller, null, null);
    }
}
