using System.Text.Json.Nodes;
using SampleCluster.Objects;

namespace SampleCluster.Tables;

internal static class PodColumns
{
    public static IReadOnlyList<TableColumn> All { get; } =
    [
        TableColumns.Name,
        new("Ready", "string", 0, (o, _) => $"{Statuses(o).Count(s => s.Flag("ready") == true)}/{o.Items("spec", "containers").Count()}"),
        new("Status", "string", 0, (o, _) => Status(o)),
        new("Restarts", "string", 0, (o, now) => Restarts(o, now)),
        TableColumns.Age,
        new("IP", "string", 1, (o, _) => TableColumns.OrNone(o.Text("status", "podIP"))),
        new("Node", "string", 1, (o, _) => TableColumns.OrNone(o.Text("spec", "nodeName"))),
        new("Nominated Node", "string", 1, (o, _) => TableColumns.OrNone(o.Text("status", "nominatedNodeName"))),
        new("Readiness Gates", "string", 1, (_, _) => "<none>"),
    ];

    private static IEnumerable<JsonObject> Statuses(JsonObject pod) => pod.Items("status", "containerStatuses");

    private static string Status(JsonObject pod)
    {
        var reason = pod.Text("status", "reason") ?? pod.Text("status", "phase") ?? "Unknown";
        foreach (var status in Statuses(pod).Reverse())
        {
            if (status.Text("state", "waiting", "reason") is { Length: > 0 } waiting)
                reason = waiting;
            else if (status.Object("state", "terminated") is { } terminated)
                reason = terminated.Text("reason") ?? $"ExitCode:{terminated.Number("exitCode")}";
        }

        return pod.Text("metadata", "deletionTimestamp") is null ? reason : "Terminating";
    }

    private static string Restarts(JsonObject pod, DateTimeOffset now)
    {
        var restarts = Statuses(pod).Sum(s => s.Number("restartCount") ?? 0);
        var last = Statuses(pod).Select(s => s.Time("lastState", "terminated", "finishedAt")).Max();
        return restarts > 0 && last is not null ? $"{restarts} ({HumanDuration.Since(last, now)} ago)" : $"{restarts}";
    }
}
