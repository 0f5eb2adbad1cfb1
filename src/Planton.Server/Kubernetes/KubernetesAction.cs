namespace Planton.Server.Kubernetes;

internal static class KubernetesAction
{
    public const string Proxy = "kubernetes.proxy";
}
