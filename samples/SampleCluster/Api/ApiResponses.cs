using System.Text.Json;
using System.Text.Json.Nodes;

namespace SampleCluster.Api;

internal static class ApiResponses
{
    public static Task WriteStatusAsync(this HttpResponse response, ApiStatus status, CancellationToken cancellationToken) =>
        response.WriteObjectAsync(status.ToJson(), cancellationToken, status.Code);

    public static async Task WriteObjectAsync(
        this HttpResponse response, JsonNode json, CancellationToken cancellationToken, int statusCode = 200, string contentType = "application/json")
    {
        response.StatusCode = statusCode;
        response.ContentType = contentType;
        response.Headers.CacheControl = "no-cache, private";
        await response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(json), cancellationToken);
    }
}
