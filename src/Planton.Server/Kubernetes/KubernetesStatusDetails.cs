namespace Planton.Server.Kubernetes;

internal sealed record KubernetesStatusDetails
{
    public IReadOnlyList<KubernetesStatusCause> Causes { get; init; } = [];
}
