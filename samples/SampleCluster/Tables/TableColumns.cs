using SampleCluster.Objects;

namespace SampleCluster.Tables;

/// <summary>The columns of each kind: names, order, types and priorities are those of the real API server.</summary>
internal static class TableColumns
{
    public static readonly TableColumn Name = new("Name", "string", 0, (o, _) => o.Text("metadata", "name"));

    public static readonly TableColumn Age = new("Age", "string", 0, (o, now) => HumanDuration.Since(o.Time("metadata", "creationTimestamp"), now));

    private static readonly Dictionary<ResourceType, IReadOnlyList<TableColumn>> ByType = new()
    {
        [ResourceTypes.Namespaces] = [Name, new("Status", "string", 0, (o, _) => o.Text("status", "phase")), Age],
        [ResourceTypes.Nodes] = NodeColumns.All,
        [ResourceTypes.Pods] = PodColumns.All,
        [ResourceTypes.Services] = ServiceColumns.All,
        [ResourceTypes.Events] = EventColumns.All,
        [ResourceTypes.Deployments] = WorkloadColumns.Deployments,
        [ResourceTypes.ReplicaSets] = WorkloadColumns.ReplicaSets,
        [ResourceTypes.ConfigMaps] =
            [Name, new("Data", "string", 0, (o, _) => (o.Object("data")?.Count ?? 0) + (o.Object("binaryData")?.Count ?? 0)), Age],
        [ResourceTypes.Secrets] =
            [Name, new("Type", "string", 0, (o, _) => o.Text("type") ?? "Opaque"), new("Data", "string", 0, (o, _) => o.Object("data")?.Count ?? 0), Age],
        [ResourceTypes.ServiceAccounts] = [Name, new("Secrets", "string", 0, (o, _) => o.Items("secrets").Count()), Age],
        [ResourceTypes.Endpoints] = [Name, new("Endpoints", "string", 0, (o, _) => ServiceColumns.Endpoints(o)), Age],
        [ResourceTypes.EndpointSlices] =
        [
            Name,
            new("AddressType", "string", 0, (o, _) => o.Text("addressType")),
            new("Ports", "string", 0, (_, _) => "<unset>"),
            new("Endpoints", "string", 0, (_, _) => "<unset>"),
            Age,
        ],
    };

    public static IReadOnlyList<TableColumn> Of(ResourceType type) => ByType[type];

    /// <summary>What stands in a cell that has nothing to say.</summary>
    public static string OrNone(string? text) => string.IsNullOrEmpty(text) ? "<none>" : text;

    public static string Join(IEnumerable<KeyValuePair<string, string>> labels) =>
        OrNone(string.Join(',', labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}")));
}
