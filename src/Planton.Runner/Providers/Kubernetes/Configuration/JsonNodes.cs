using System.Text.Json;
using System.Text.Json.Nodes;

namespace Planton.Runner.Providers.Kubernetes.Configuration;

/// <summary>Reading of a tree whose kinds were checked. (The reflection-based reader does not survive native AOT.)</summary>
internal static class JsonNodes
{
    public static JsonNode? Get(this JsonNode? node, string key) => node is JsonObject map ? map[key] : null;

    /// <summary>The text; null when it is missing, null or empty.</summary>
    public static string? Text(this JsonNode? node, string key) =>
        node.Get(key) is { } value && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is { Length: > 0 } text ? text : null;

    public static bool Flag(this JsonNode? node, string key) => node.Get(key)?.GetValueKind() == JsonValueKind.True;

    public static IEnumerable<JsonNode?> Items(this JsonNode? node, string key) => node.Get(key) as JsonArray ?? [];
}
