namespace Planton.Server.Credentials;

/// <summary>One set of runner credentials that was issued: what identifies it, never its secrets.</summary>
internal sealed class RunnerCredentialEntity
{
    public required string Id { get; init; }

    public required string RunnerId { get; init; }

    /// <summary>The public part of the API key issued with it.</summary>
    public required string ApiKeyId { get; init; }

    /// <summary><c>user</c> or <c>service-account</c>.</summary>
    public required string CreatedByKind { get; init; }

    public required string CreatedById { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the latest of its certificates ends: see <see cref="RunnerCertificateEntity"/>.</summary>
    public required DateTimeOffset ExpiresAt { get; set; }

    /// <summary>How long each of its certificates lives; null: as long as the server says at the time.</summary>
    public long? LifetimeSeconds { get; init; }

    /// <summary>When a tunnel was opened with it last. Its API key has a time of its own.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>As <see cref="CreatedByKind"/>; null while it is not revoked.</summary>
    public string? RevokedByKind { get; set; }

    public string? RevokedById { get; set; }
}
