using System.Text.Json.Nodes;

namespace SampleCluster.Objects;

/// <summary>One version of one object. Neither <see cref="Json"/> nor <see cref="Utf8"/> ever changes.</summary>
internal sealed record StoredObject(ResourceType Type, string Namespace, string Name, long Version, JsonObject Json, byte[] Utf8)
{
    public string Uid => Json.Text("metadata", "uid") ?? "";

    /// <summary>The order of lists: namespace, then name.</summary>
    public string Key => KeyOf(Namespace, Name);

    public static string KeyOf(string @namespace, string name) => $"{@namespace}/{name}";
}
