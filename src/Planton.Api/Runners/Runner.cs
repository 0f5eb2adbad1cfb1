namespace Planton.Api.Runners;

/// <summary>A registered runner and what the control plane sees of it.</summary>
public sealed record Runner
{
    /// <summary>UUIDv7; the last part of the SPIFFE id in its certificates.</summary>
    public required string Id { get; init; }

    /// <summary>A slug, unique in its organization (or among platform runners).</summary>
    public required string Name { get; init; }

    /// <summary>The organization's name; null for a platform runner.</summary>
    public string? Organization { get; init; }

    /// <summary>When it was registered, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary><c>connected</c>, <c>draining</c>, <c>disconnected</c> or <c>never-connected</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Since when <see cref="Status"/> holds, UTC; null when it never connected.</summary>
    public DateTimeOffset? StatusSince { get; init; }

    /// <summary>The version of the runner that is, or was last, connected.</summary>
    public string? Version { get; init; }

    /// <summary>The address its tunnel comes, or last came, from.</summary>
    public string? Address { get; init; }

    /// <summary>The live tunnels, one a replica.</summary>
    public IReadOnlyList<RunnerTunnel> Tunnels { get; init; } = [];

    /// <summary>How many credentials are valid.</summary>
    public int ValidCredentials { get; init; }
}
