using System.Text.Json.Nodes;
using SampleCluster.Objects;

namespace SampleCluster.Tables;

internal static class NodeColumns
{
    private const string RolePrefix = "node-role.kubernetes.io/";

    public static IReadOnlyList<TableColumn> All { get; } =
    [
        TableColumns.Name,
        new("Status", "string", 0, (o, _) => Status(o)),
        new("Roles", "string", 0, (o, _) => Roles(o)),
        TableColumns.Age,
        new("Version", "string", 0, (o, _) => o.Text("status", "nodeInfo", "kubeletVersion")),
        new("Internal-IP", "string", 1, (o, _) => Address(o, "InternalIP")),
        new("External-IP", "string", 1, (o, _) => Address(o, "ExternalIP")),
        new("OS-Image", "string", 1, (o, _) => o.Text("status", "nodeInfo", "osImage") ?? "<unknown>"),
        new("Kernel-Version", "string", 1, (o, _) => o.Text("status", "nodeInfo", "kernelVersion") ?? "<unknown>"),
        new("Container-Runtime", "string", 1, (o, _) => o.Text("status", "nodeInfo", "containerRuntimeVersion") ?? "<unknown>"),
    ];

    private static string Status(JsonObject node)
    {
        var ready = node.Items("status", "conditions").FirstOrDefault(c => c.Text("type") == "Ready");
        var status = ready is null ? "Unknown" : ready.Text("status") == "True" ? "Ready" : "NotReady";
        return node.Flag("spec", "unschedulable") == true ? status + ",SchedulingDisabled" : status;
    }

    private static string Roles(JsonObject node) => TableColumns.OrNone(string.Join(',', node.Map("metadata", "labels")
        .Where(l => l.Key.StartsWith(RolePrefix, StringComparison.Ordinal))
        .Select(l => l.Key[RolePrefix.Length..])
        .Order(StringComparer.Ordinal)));

    private static string Address(JsonObject node, string type) =>
        TableColumns.OrNone(node.Items("status", "addresses").FirstOrDefault(a => a.Text("type") == type).Text("address"));
}
