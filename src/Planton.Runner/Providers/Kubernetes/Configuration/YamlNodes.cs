using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Planton.Runner.Providers.Kubernetes.Configuration;

/// <summary>Reading of a YAML tree that forgives what it does not know. (The reflection-based reader does not survive native AOT.)</summary>
internal static class YamlNodes
{
    public static YamlNode? Get(this YamlNode? node, string key) =>
        node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

    /// <summary>The text of a scalar; null when it is missing, null or empty.</summary>
    public static string? Text(this YamlNode? node, string key) =>
        node.Get(key) is YamlScalarNode { Value: { Length: > 0 } value } scalar && !IsNull(scalar) ? value : null;

    public static bool Flag(this YamlNode? node, string key) =>
        string.Equals(node.Text(key), "true", StringComparison.OrdinalIgnoreCase);

    public static IEnumerable<YamlNode> Items(this YamlNode? node, string key) =>
        node.Get(key) is YamlSequenceNode list ? list.Children : [];

    public static bool IsNull(YamlScalarNode scalar) =>
        scalar.Style == ScalarStyle.Plain && scalar.Value is null or "" or "~" or "null" or "Null" or "NULL";
}
