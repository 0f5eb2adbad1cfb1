namespace Planton.Runner.Providers.Kubernetes.Configuration;

/// <summary>Where the runner's way to clusters is written down.</summary>
/// <param name="Files">Kubeconfig files, in order; empty when there are none.</param>
/// <param name="InCluster">The server of the cluster this process runs in, when its service account is to be used.</param>
/// <param name="Origin">Why this location, for messages.</param>
internal sealed record KubeLocation(EquatableList<string> Files, Uri? InCluster, string Origin);
