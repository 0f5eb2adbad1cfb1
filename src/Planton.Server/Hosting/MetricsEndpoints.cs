using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Errors;

namespace Planton.Server.Hosting;

/// <summary><c>/metrics</c> on the API's port: for platform operators, because its numbers are of all organizations.</summary>
internal static class MetricsEndpoints
{
    public const string Path = "/metrics";

    public static void MapMetrics(this IEndpointRouteBuilder endpoints) => endpoints
        .MapPrometheusScrapingEndpoint(Path, meterProvider: null, branch => branch.Use(LetOperatorsThroughAsync), optionsName: null)
        // The exporter takes any method, and fails on the extended CONNECT of HTTP/2.
        .WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]))
        .RequireAuthorization();

    private static async Task LetOperatorsThroughAsync(HttpContext http, RequestDelegate next)
    {
        var gatekeeper = http.RequestServices.GetRequiredService<Gatekeeper>();
        if (await gatekeeper.EnterPlatformAsync(OperationContext.Of(http), Permission.ReadMetrics, AuditAction.ReadMetrics, "platform/metrics", http.RequestAborted)
            .ConfigureAwait(false) is { } denied)
            await http.WriteErrorAsync(denied).ConfigureAwait(false);
        else
            await next(http).ConfigureAwait(false);
    }
}
