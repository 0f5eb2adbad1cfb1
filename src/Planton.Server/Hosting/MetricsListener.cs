using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Planton.Server.Hosting;

/// <summary><c>--metrics</c>: a port that serves <c>/metrics</c> without a key, and nothing else of the server.</summary>
internal static class MetricsListener
{
    private static readonly Feature TheFeature = new();

    /// <summary>Marks the connections of a port. By the connection and not by the request: a Host header is the client's to choose.</summary>
    public static void Mark(ListenOptions listen) => listen.Use(next => connection =>
    {
        connection.Features.Set(TheFeature);
        return next(connection);
    });

    /// <summary>Before everything else: what comes by that port goes no further than this.</summary>
    public static void UseMetricsListener(this IApplicationBuilder app) => app.MapWhen(
        http => http.Features.Get<Feature>() is not null,
        port =>
        {
            port.UseOpenTelemetryPrometheusScrapingEndpoint(IsScrape);
            port.Run(http =>
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return http.Response.WriteAsync($"only GET {MetricsEndpoints.Path} is served here\n", http.RequestAborted);
            });
        });

    private static bool IsScrape(HttpContext http) => http.Request.Path == MetricsEndpoints.Path
        && (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method));

    private sealed class Feature;
}
