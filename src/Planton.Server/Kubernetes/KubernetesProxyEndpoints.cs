namespace Planton.Server.Kubernetes;

internal static class KubernetesProxyEndpoints
{
    /// <summary>Every method: any Kubernetes client can be pointed at it.</summary>
    public static void MapKubernetesProxy(this IEndpointRouteBuilder endpoints) => endpoints
        .Map(KubernetesPath.Root + "/{org}/{connection}/{**path}", (HttpContext context, string org, string connection, KubernetesProxy proxy) =>
            proxy.InvokeAsync(context, org, connection))
        .RequireAuthorization()
        .ExcludeFromDescription()
        .WithMetadata(KubernetesStatusFormat.Instance);
}
