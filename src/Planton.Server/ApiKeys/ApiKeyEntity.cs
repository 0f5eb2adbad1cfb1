namespace Planton.Server.ApiKeys;

/// <summary>An API key as it is stored: the secret itself is not here, only its hash.</summary>
internal sealed class ApiKeyEntity
{
    /// <summary>The public part of the key.</summary>
    public required string Id { get; init; }

    public string? UserId { get; init; }

    public string? ServiceAccountId { get; init; }

    /// <summary>The runner credential that this key was issued with.</summary>
    public string? CredentialId { get; init; }

    /// <summary>SHA-256 of the secret part. The secret has 190 bits of entropy, so that a slow hash would add nothing.</summary>
    public required byte[] SecretHash { get; init; }

    /// <summary>The first characters of the hash: tells two keys apart in lists and in the audit trail.</summary>
    public required string Fingerprint { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>Written at most once a minute.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }
}
