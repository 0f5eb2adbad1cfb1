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
        routes.MapGet("/openapi/v2", WriteOpenApiV2Async);
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

    /// <summary>An empty document, which is no byte in protocol buffers: clients before 1.27 then validate nothing on their own.</summary>
    private static Task WriteOpenApiV2Async(HttpContext context)
    {
        // Asked for with '@', which is no media type; answered, as by the real server, with a name that is.
        const string Asked = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
        if (!context.Request.Headers.Accept.ToString().Contains(Asked, StringComparison.Ordinal))
            return WriteAsync(context, OpenApiDocuments.EmptyVersion2());
        context.Response.ContentType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
        return Task.CompletedTask;
    }

    private static Task WriteAsync(HttpContext context, JsonObject? document) => document is null
        ? context.Response.WriteStatusAsync(ApiStatus.NoSuchPath, context.RequestAborted)
        : context.Response.WriteObjectAsync(document, context.RequestAborted);

    /// <summary>The answer is always yes, so that a review in another encoding need not be read.</summary>
    private static async Task ReviewAsync(HttpContext context)
    {
        var review = await RequestBody.ReadAsync(context.Request, context.RequestAborted) as JsonObject ?? [];
        await context.Response.WriteObjectAsync(AccessReviews.Allow(review), context.RequestAborted, 201);
    }
}
