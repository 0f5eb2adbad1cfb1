namespace Planton.Server.Runners;

/// <summary>A registered runner, and what was last seen of it. Which tunnels are open is not stored: see <see cref="IRunnerPresence"/>.</summary>
internal sealed class RunnerEntity
{
    public required string Id { get; init; }

    /// <summary>Null for a runner of the platform.</summary>
    public string? OrganizationId { get; init; }

    public required string Name { get; init; }

    /// <summary>Its own identity; null until its first credentials are made.</summary>
    public string? ServiceAccountId { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the first of its present tunnels became ready.</summary>
    public DateTimeOffset? ConnectedSince { get; set; }

    /// <summary>When its last tunnel ended.</summary>
    public DateTimeOffset? DisconnectedAt { get; set; }

    public string? LastAddress { get; set; }

    public string? LastVersion { get; set; }

    public DateTimeOffset? LastSeenAt { get; set; }
}
