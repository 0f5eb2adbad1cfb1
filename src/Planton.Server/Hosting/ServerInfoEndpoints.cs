using Planton.Api;
using Planton.Api.Server;

namespace Planton.Server.Hosting;

internal static class ServerInfoEndpoints
{
    public static void MapServerInfo(this IEndpointRouteBuilder api) => api
        .MapGet("/server", Get)
        .WithName("GetServer").WithSummary("Says how clients reach this control plane").Produces<ServerInfo>();

    private static IResult Get(PublicEndpoints endpoints) => Results.Json(
        new ServerInfo
        {
            Version = ServerVersion.Current,
            PublicUrl = endpoints.Url,
            KubernetesUrl = endpoints.KubernetesUrl,
            KubernetesCaCertificates = endpoints.KubernetesCaCertificates,
        },
        PlantonJson.Default.ServerInfo);
}
