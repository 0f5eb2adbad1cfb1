using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using SampleCluster.Api;

namespace SampleCluster.Objects;

/// <summary>What the API server itself writes into objects.</summary>
internal static class ObjectDefaults
{
    private const string NameAlphabet = "bcdfghjklmnpqrstvwxz2456789";

    /// <summary>Fills in a new object; what is wrong with it otherwise.</summary>
    public static ApiStatus? Fill(ResourceType type, string @namespace, JsonObject draft, DateTimeOffset now)
    {
        draft["apiVersion"] = type.GroupVersion;
        draft["kind"] = type.Kind;
        if (draft["metadata"] is not JsonObject metadata)
            draft["metadata"] = metadata = [];
        if (string.IsNullOrEmpty(metadata.Text("name")))
        {
            if (metadata.Text("generateName") is not { Length: > 0 } prefix)
                return ApiStatus.NameRequired(type);
            metadata["name"] = prefix + RandomNumberGenerator.GetString(NameAlphabet, 5);
        }

        if (type.Namespaced)
            metadata["namespace"] = @namespace;
        metadata["uid"] = Guid.CreateVersion7(now).ToString();
        metadata["creationTimestamp"] ??= now.Timestamp();
        metadata.Remove("managedFields");
        if (draft.ContainsKey("spec"))
            metadata["generation"] = 1;
        if (type == ResourceTypes.Namespaces)
        {
            draft["spec"] ??= new JsonObject { ["finalizers"] = new JsonArray("kubernetes") };
            draft["status"] ??= new JsonObject { ["phase"] = "Active" };
        }

        return null;
    }

    /// <summary>Puts back what an update may not change, and counts generations of the spec.</summary>
    public static void Keep(JsonObject current, JsonObject changed)
    {
        foreach (var name in (ReadOnlySpan<string>)["apiVersion", "kind"])
            changed[name] = current[name]?.DeepClone();
        if (changed["metadata"] is not JsonObject metadata)
            changed["metadata"] = metadata = [];
        metadata.Remove("managedFields");
        foreach (var name in (ReadOnlySpan<string>)["name", "namespace", "uid", "creationTimestamp", "generation", "resourceVersion"])
        {
            if (current["metadata"]![name]?.DeepClone() is { } value)
                metadata[name] = value;
            else
                metadata.Remove(name);
        }

        if (current.Number("metadata", "generation") is { } generation && !JsonNode.DeepEquals(current["spec"], changed["spec"]))
            metadata["generation"] = generation + 1;
    }

    /// <summary>Serializes an object, and thereby reads all of it: nodes made lazily are not safe to share between threads.</summary>
    public static byte[] Freeze(JsonObject json)
    {
        Walk(json);
        return JsonSerializer.SerializeToUtf8Bytes<JsonNode>(json);

        static void Walk(JsonNode? node)
        {
            if (node is JsonObject value)
            {
                foreach (var (_, child) in value)
                    Walk(child);
            }
            else if (node is JsonArray items)
            {
                foreach (var child in items)
                    Walk(child);
            }
        }
    }
}
