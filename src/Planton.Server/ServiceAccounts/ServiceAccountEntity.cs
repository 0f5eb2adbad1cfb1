namespace Planton.Server.ServiceAccounts;

/// <summary>A machine identity. A runner has one of its own, made with its first credentials.</summary>
internal sealed class ServiceAccountEntity
{
    public required string Id { get; init; }

    /// <summary>Null for the service account of a platform runner.</summary>
    public string? OrganizationId { get; init; }

    public required string Name { get; init; }

    /// <summary>The runner whose identity this is; null for any other service account.</summary>
    public string? RunnerId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
