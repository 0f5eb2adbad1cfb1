using System.Text.Json.Nodes;
using SampleCluster.Objects;

namespace SampleCluster.Tables;

internal static class WorkloadColumns
{
    private static readonly TableColumn[] Wide =
    [
        new("Containers", "string", 1, (o, _) => Containers(o, "name")),
        new("Images", "string", 1, (o, _) => Containers(o, "image")),
        new("Selector", "string", 1, (o, _) => TableColumns.Join(o.Map("spec", "selector", "matchLabels"))),
    ];

    public static IReadOnlyList<TableColumn> Deployments { get; } =
    [
        TableColumns.Name,
        new("Ready", "string", 0, (o, _) => $"{Status(o, "readyReplicas")}/{Desired(o)}"),
        new("Up-to-date", "string", 0, (o, _) => Status(o, "updatedReplicas")),
        new("Available", "string", 0, (o, _) => Status(o, "availableReplicas")),
        TableColumns.Age,
        .. Wide,
    ];

    public static IReadOnlyList<TableColumn> ReplicaSets { get; } =
    [
        TableColumns.Name,
        new("Desired", "integer", 0, (o, _) => Desired(o)),
        new("Current", "integer", 0, (o, _) => Status(o, "replicas")),
        new("Ready", "integer", 0, (o, _) => Status(o, "readyReplicas")),
        TableColumns.Age,
        .. Wide,
    ];

    private static int Desired(JsonObject workload) => workload.Number("spec", "replicas") ?? 1;

    private static int Status(JsonObject workload, string field) => workload.Number("status", field) ?? 0;

    private static string Containers(JsonObject workload, string field) =>
        string.Join(',', workload.Items("spec", "template", "spec", "containers").Select(c => c.Text(field)));
}
