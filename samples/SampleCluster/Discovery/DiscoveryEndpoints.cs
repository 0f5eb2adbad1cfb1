using System.Text.Json.Nodes;
using SampleCluster.Api;

namespace SampleCluster.Discovery;

/// <summary>Routes whatever describes the API instead of being it.</summary>
internal static class DiscoveryEndpoints
{
    public static void MapDiscovery(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api", context => WriteRootAsync(context, legacy: true));
        routes.MapGet("/apis", context => WriteRootAsync(context, legacy: false));
        routes.MapGet("/api/v1", context => WriteAsync(context, DiscoveryDocuments.Resources("", "v1")));
        routes.MapGet("/apis/{group}", (HttpContext context, string group) => WriteAsync(context, DiscoveryDocuments.GroupNamed(group)));
        routes.MapGet("/apis/{group}/{version}", (HttpContext context, string group, string version) =>
            WriteAsync(context, DiscoveryDocuments.Resources(group, version)));
        routes.MapGet("/version", context => WriteAsync(context, ServerVersion.Document()));
        routes.MapGet("/openapi/v3", context => WriteAsync(context, OpenApiDocuments.Index()));
        routes.MapGet("/openapi/v3/api/{version}", (HttpContext context, string version) =>
            WriteAsync(context, OpenApiDocuments.Document("api", version)));
        routes.MapGet("/openapi/v3/apis/{group}/{version}", (HttpContext context, string group, string version) =>
            WriteAsync(context, OpenApiDocuments.Document("apis", $"{group}/{version}")));
        routes.MapPost(AccessReviews.Path, ReviewAsync);
    }

    private static Task WriteRootAsync(HttpContext context, bool legacy)
    {
        context.Response.Headers.Vary = "Accept";
        return Accept.AggregatedDiscoveryVersion(context.Request) is { } version
            ? context.Response.WriteObjectAsync(
                AggregatedDiscovery.Document(version, legacy), context.RequestAborted, contentType: AggregatedDiscovery.ContentType(version))
            : WriteAsync(context, legacy ? DiscoveryDocuments.Versions() : DiscoveryDocuments.Groups());
    }

    private static Task WriteAsync(HttpContext context, JsonObject? document) => document is null
        ? context.Response.WriteStatusAsync(ApiStatus.NoSuchPath, context.RequestAborted)
        : context.Response.WriteObjectAsync(document, context.RequestAborted);

    private static async Task ReviewAsync(HttpContext context)
    {
        if (await RequestBody.ReadAsync(context.Request, context.RequestAborted) is JsonObject review)
            await context.Response.WriteObjectAsync(AccessReviews.Allow(review), context.RequestAborted, 201);
        else
            await context.Response.WriteStatusAsync(ApiStatus.BadRequest("the body of the request is not a JSON object"), context.RequestAborted);
    }
}
