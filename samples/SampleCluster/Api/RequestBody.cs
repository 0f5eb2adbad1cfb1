using System.Text.Json;
using System.Text.Json.Nodes;

namespace SampleCluster.Api;

/// <summary>Reads bodies: JSON, bounded.</summary>
internal static class RequestBody
{
    /// <summary>As in the real API server, which takes its limit from etcd's.</summary>
    public const int MaxBytes = 3 * 1024 * 1024;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 128 };

    /// <summary>The body as JSON, whatever its media type says (JSON is YAML, too); null when it is not.</summary>
    public static async Task<JsonNode?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonNode.ParseAsync(request.Body, documentOptions: Options, cancellationToken: cancellationToken);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static string MediaType(HttpRequest request) => (request.ContentType ?? "application/json").Split(';')[0].Trim();
}
