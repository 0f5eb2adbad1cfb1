using Planton.Cli.Data;

namespace Planton.Cli.Kubectl.Printing;

/// <summary>A list or an object as the server wants it to be shown.</summary>
internal sealed record ServerTable(IReadOnlyList<TableColumn> Columns, IReadOnlyList<TableRow> Rows)
{
    /// <summary>Null when the answer is no table: not every API server makes them.</summary>
    public static ServerTable? Read(DataNode node) =>
        node["kind"]?.Text != "Table" || node["apiVersion"]?.Text is not ("meta.k8s.io/v1" or "meta.k8s.io/v1beta1")
            ? null
            : new ServerTable(
                [.. node["columnDefinitions"]?.Items.Select(ReadColumn) ?? []],
                [.. node["rows"]?.Items.Select(ReadRow) ?? []]);

    private static TableColumn ReadColumn(DataNode node) => new(
        node["name"]?.Text ?? "",
        node["type"]?.Text ?? "",
        node["format"]?.Text ?? "",
        node["description"]?.Text ?? "",
        (node["priority"] as DataNumber)?.Raw ?? "0");

    private static TableRow ReadRow(DataNode node) => new(
        [.. node["cells"]?.Items.Select(cell => cell is DataNull ? null : cell) ?? []],
        node["object"]);
}
