namespace Planton.Api.Connections;

/// <summary>A named target and how it is reached.</summary>
public sealed record Connection
{
    /// <summary>UUIDv7.</summary>
    public required string Id { get; init; }

    /// <summary>A slug, unique in its organization.</summary>
    public required string Name { get; init; }

    /// <summary>The organization's name.</summary>
    public required string Organization { get; init; }

    /// <summary><c>kubernetes</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>
    /// <c>runner</c>: the runner's own credentials are used, and nothing is stored here. <c>inline</c>: credentials are stored here,
    /// encrypted, and sent with each request.
    /// </summary>
    public required string AuthMode { get; init; }

    /// <summary>The runner's name; null when the default runner is used.</summary>
    public string? Runner { get; init; }

    /// <summary>For <c>kubernetes</c>.</summary>
    public KubernetesTarget? Kubernetes { get; init; }

    /// <summary>The environments that may use it; empty for all.</summary>
    public IReadOnlyList<string> Environments { get; init; } = [];

    /// <summary>Whether it is the organization's default connection.</summary>
    public bool IsDefault { get; init; }

    /// <summary>The environments whose default connection it is.</summary>
    public IReadOnlyList<string> DefaultOf { get; init; } = [];

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
