using System.Text.Json;
using System.Text.Json.Nodes;
using Planton.Kubeconfigs;
using YamlDotNet.Core;

namespace Planton.Cli.Data.Yaml;

/// <summary>Reads one YAML document into <see cref="DataNode"/>s, as the tools of Kubernetes do.</summary>
internal static class YamlDataReader
{
    /// <summary>Null, and what is wrong with it, when the text is not one YAML document.</summary>
    public static DataNode? Read(string text, out string? fault) => Read(text, _ => null, out fault);

    /// <summary>The same, with a check of what was read.</summary>
    public static DataNode? Read(string text, Func<JsonNode?, string?> check, out string? fault)
    {
        try
        {
            var node = KubernetesYaml.Read(text, out var more);
            fault = more ? "it holds more than one document" : check(node);
            return fault is not null ? null
                : node is null && IsBlank(text) ? new DataMap()
                : Convert(node);
        }
        catch (YamlException failure)
        {
            fault = $"line {failure.Start.Line}: {failure.Message}";
            return null;
        }
        catch (Exception failure) when (failure is InvalidOperationException or ArgumentException)
        {
            // Some broken texts make the parser fail its own checks.
            fault = "it is not valid YAML";
            return null;
        }
    }

    // A document with null in it is another thing than none at all.
    private static bool IsBlank(string text) => text.Split('\n').All(line => line.TrimStart() is "" or ['#', ..]);

    private static DataNode Convert(JsonNode? node)
    {
        switch (node)
        {
            case null:
                return DataNull.Instance;
            case JsonObject members:
                var map = new DataMap();
                foreach (var (name, value) in members)
                    map.Entries[name] = Convert(value);
                return map;
            case JsonArray items:
                return new DataList([.. items.Select(Convert)]);
            default:
                return node.GetValueKind() switch
                {
                    JsonValueKind.True => new DataBool(true),
                    JsonValueKind.False => new DataBool(false),
                    JsonValueKind.Number => new DataNumber(node.ToJsonString()),
                    _ => new DataText(node.GetValue<string>()),
                };
        }
    }
}
