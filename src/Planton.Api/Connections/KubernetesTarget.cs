namespace Planton.Api.Connections;

/// <summary>Which cluster a runner goes to.</summary>
public sealed record KubernetesTarget
{
    /// <summary>A context of the runner's kubeconfig; null for its current one, or for the cluster the runner runs in.</summary>
    public string? Context { get; init; }
}
