namespace Planton.Runner.Providers.Kubernetes.Configuration;

/// <summary>A <c>contexts</c> entry.</summary>
internal sealed record KubeContext(string? Cluster, string? User);
