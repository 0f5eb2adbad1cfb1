namespace Planton.Api.ApiKeys;

/// <summary>An API key: what identifies it, never the key itself.</summary>
public sealed record ApiKey
{
    /// <summary>The public part of the key, the 12 characters after <c>pck_</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The first characters of the secret's hash.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ends, UTC; null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was last used, to the minute; null: never.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>When it was revoked, UTC; null when it was not.</summary>
    public DateTimeOffset? RevokedAt { get; init; }
}
