namespace Planton.Runner.Providers.Kubernetes.Configuration;

/// <summary>One cluster and one user, before anything of them is read or resolved. Printing it prints no secret.</summary>
/// <param name="Name">Whose they are, for messages: <c>context 'prod'</c>.</param>
/// <param name="Cluster">The cluster.</param>
/// <param name="User">Without any field where there is none.</param>
internal sealed record KubeSelection(string Name, KubeCluster Cluster, KubeUser User)
{
    /// <summary>What mends a fault in it.</summary>
    public string Advice { get; init; } = "Mend the runner's kubeconfig";

    public override string ToString() => Name;
}
