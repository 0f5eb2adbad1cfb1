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

    /// <summary><c>runner</c>: the runner's own credentials are used, and nothing is stored here.</summary>
    public required string AuthMode { get; init; }

    /// <summary>The runner's name; null when the default runner is used.</summary>
    public string? Runner { get; init; }

    /// <summary>For <c>kubernetes</c>.</summary>
    public KubernetesTarget? Kubernetes { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
