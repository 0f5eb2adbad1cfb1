namespace Planton.Api.Connections;

/// <summary>Body of <c>POST …/connections</c>.</summary>
public sealed record CreateConnectionRequest
{
    /// <summary>A slug: see <see cref="Slug"/>.</summary>
    public string? Name { get; init; }

    /// <summary><c>kubernetes</c>.</summary>
    public string? Kind { get; init; }

    /// <summary><c>runner</c> (the default), or <c>inline</c> with <see cref="KubernetesTarget.Kubeconfig"/>.</summary>
    public string? AuthMode { get; init; }

    /// <summary>The runner's name; null to use the default runner.</summary>
    public string? Runner { get; init; }

    /// <summary>For <c>kubernetes</c>.</summary>
    public KubernetesTarget? Kubernetes { get; init; }

    /// <summary>The environments that may use it; null or empty for all.</summary>
    public IReadOnlyList<string>? Environments { get; init; }
}
