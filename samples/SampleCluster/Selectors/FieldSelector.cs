using System.Text.Json.Nodes;
using SampleCluster.Objects;

namespace SampleCluster.Selectors;

/// <summary><c>metadata.name=web,status.phase!=Running</c>, on the fields that the real API server indexes.</summary>
internal sealed class FieldSelector
{
    private IReadOnlyList<(string[] Path, string Value, bool Wanted)> _requirements = [];

    /// <summary>Reads <paramref name="text"/>; false with the fault when it is not a selector for this type.</summary>
    public static bool TryParse(string? text, ResourceType type, out FieldSelector selector, out string fault)
    {
        selector = new FieldSelector();
        fault = "";
        var requirements = new List<(string[] Path, string Value, bool Wanted)>();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                fault = $"invalid selector: '{text}'; can't understand '{part}'";
                return false;
            }

            var field = part[..equals].TrimEnd('!');
            if (!Supports(type, field))
            {
                fault = $"field label not supported: {field}";
                return false;
            }

            requirements.Add((field.Split('.'), part[(equals + 1)..].TrimStart('='), part[equals - 1] != '!'));
        }

        selector._requirements = requirements;
        return true;
    }

    public bool Matches(JsonObject json) => _requirements.All(r => ((json.Text(r.Path) ?? "") == r.Value) == r.Wanted);

    private static bool Supports(ResourceType type, string field) => field switch
    {
        "metadata.name" => true,
        "metadata.namespace" => type.Namespaced,
        "status.phase" => type == ResourceTypes.Pods || type == ResourceTypes.Namespaces,
        "spec.nodeName" or "spec.restartPolicy" or "spec.serviceAccountName" or "status.podIP" => type == ResourceTypes.Pods,
        "type" => type == ResourceTypes.Secrets || type == ResourceTypes.Events,
        "reason" or "source" or "reportingComponent" => type == ResourceTypes.Events,
        _ => type == ResourceTypes.Events && field.StartsWith("involvedObject.", StringComparison.Ordinal),
    };
}
