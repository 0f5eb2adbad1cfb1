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
        if (cache.TryGet(id, out var cachedHash, out var cachedCaller) && CryptographicOperations.FixedTimeEquals(hash, cachedHash)
            && !(cachedCaller.ApiKeyExpiresAt <= time.GetUtcNow()))
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
        var caller = await CallerReader.ReadAsync(context, key, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        if (!caller.Succeeded)
            return new ApiKeyVerdict(null, caller.Error, key) { SecretFits = true };
        cache.Set(id, key.SecretHash, caller.Value, generation);
        return Accept(id, caller.Value);
    }

    private ApiKeyVerdict Accept(string id, CallerIdentity caller)
    {
        usage.Note(id);
        return new ApiKeyVerdict(caller, null, null);
    }
}
