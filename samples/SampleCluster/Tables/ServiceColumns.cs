using System.Text.Json.Nodes;
using SampleCluster.Objects;

namespace SampleCluster.Tables;

internal static class ServiceColumns
{
    private const int MaxEndpointsShown = 3;

    public static IReadOnlyList<TableColumn> All { get; } =
    [
        TableColumns.Name,
        new("Type", "string", 0, (o, _) => Type(o)),
        new("Cluster-IP", "string", 0, (o, _) => TableColumns.OrNone(o.Text("spec", "clusterIP"))),
        new("External-IP", "string", 0, (o, _) => External(o)),
        new("Port(s)", "string", 0, (o, _) => TableColumns.OrNone(string.Join(',', o.Items("spec", "ports").Select(Port)))),
        TableColumns.Age,
        new("Selector", "string", 1, (o, _) => TableColumns.Join(o.Map("spec", "selector"))),
    ];

    public static string Endpoints(JsonObject endpoints)
    {
        var all = endpoints.Items("subsets")
            .SelectMany(s => s.Items("addresses").SelectMany(a => s.Items("ports").Select(p => $"{a.Text("ip")}:{p.Number("port")}")))
            .ToList();
        var shown = string.Join(',', all.Take(MaxEndpointsShown));
        return all.Count > MaxEndpointsShown ? $"{shown} + {all.Count - MaxEndpointsShown} more..." : TableColumns.OrNone(shown);
    }

    private static string Type(JsonObject service) => service.Text("spec", "type") ?? "ClusterIP";

    private static string External(JsonObject service)
    {
        var addresses = string.Join(',', service.Items("status", "loadBalancer", "ingress").Select(i => i.Text("ip") ?? i.Text("hostname")));
        return Type(service) == "LoadBalancer" && addresses.Length == 0 ? "<pending>" : TableColumns.OrNone(addresses);
    }

    private static string Port(JsonObject port)
    {
        var protocol = port.Text("protocol") ?? "TCP";
        return port.Number("nodePort") is > 0 and var node ? $"{port.Number("port")}:{node}/{protocol}" : $"{port.Number("port")}/{protocol}";
    }
}
