namespace Planton.Server.Kubernetes;

internal static class KubernetesProxyEndpoints
{
    public static void MapKubernetesProxy(this IEndpointRouteBuilder endpoints) => _ = endpoints;
}
