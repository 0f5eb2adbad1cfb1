using Planton.Server.Audit;

namespace Planton.Server.Authorization;

/// <summary>Who presented the API key of a request.</summary>
internal sealed record CallerIdentity
{
    /// <summary>One of <see cref="CallerKind"/>.</summary>
    public required string Kind { get; init; }

    public required string Id { get; init; }

    public required string Name { get; init; }

    public bool PlatformOperator { get; init; }

    /// <summary>The public part of the key.</summary>
    public required string ApiKeyId { get; init; }

    /// <summary>When the key ends; null: never.</summary>
    public DateTimeOffset? ApiKeyExpiresAt { get; init; }

    public IReadOnlyList<CallerMembership> Memberships { get; init; } = [];

    /// <summary>Set when the caller is a runner's own service account.</summary>
    public string? RunnerId { get; init; }

    public AuditActor ToAuditActor() => new(Kind, Id, Name, ApiKeyId);
}
