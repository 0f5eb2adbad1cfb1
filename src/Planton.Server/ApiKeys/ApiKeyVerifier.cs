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
        var (key, caller) = await cache.GetAsync(id, () => ReadAsync(id), cancellationToken).ConfigureAwait(false);
        if (key is null)
            return new ApiKeyVerdict(null, ApiKeyErrors.Unknown, null);
        // Before anything else is said of it: only who holds the secret may learn that the key was revoked or has expired.
        if (!CryptographicOperations.FixedTimeEquals(hash, key.SecretHash))
            return new ApiKeyVerdict(null, ApiKeyErrors.Unknown, key);
        // It may have expired since it was read.
        if (caller.Succeeded && caller.Value.ApiKeyExpiresAt is { } expires && expires <= time.GetUtcNow())
            return new ApiKeyVerdict(null, ApiKeyErrors.Expired(id, expires), key);
        return caller.Succeeded ? Accept(id, caller.Value) : new ApiKeyVerdict(null, caller.Error, key);
    }

    // Not cancelled by the request that happens to begin it. The database bounds how long it takes.
    private async Task<ApiKeyReading> ReadAsync(string id)
    {
        var context = await contexts.CreateDbContextAsync(CancellationToken.None).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var key = await context.ApiKeys.AsNoTracking().SingleOrDefaultAsync(key => key.Id == id, CancellationToken.None).ConfigureAwait(false);
        return new ApiKeyReading(
            key, key is null ? ApiKeyErrors.Unknown : await CallerReader.ReadAsync(context, key, time.GetUtcNow(), CancellationToken.None).ConfigureAwait(false));
    }

    private ApiKeyVerdict Accept(string id, CallerIdentity caller)
    {
        usage.Note(id);
        return new ApiKeyVerdict(caller, null, null);
    }
}
