using Planton.Api.ApiKeys;

namespace Planton.Server.ApiKeys;

internal static class ApiKeyView
{
    public static ApiKey Of(ApiKeyEntity key) => new()
    {
        Id = key.Id,
        Fingerprint = key.Fingerprint,
        CreatedAt = key.CreatedAt,
        ExpiresAt = key.ExpiresAt,
        LastUsedAt = key.LastUsedAt,
        RevokedAt = key.RevokedAt,
    };
}
