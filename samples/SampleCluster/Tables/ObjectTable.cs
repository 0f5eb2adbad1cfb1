using System.Globalization;
using System.Text.Json.Nodes;
using SampleCluster.Objects;

namespace SampleCluster.Tables;

/// <summary>A <c>meta.k8s.io/v1</c> Table: what kubectl prints, made by the server.</summary>
internal static class ObjectTable
{
    /// <param name="type">Chooses the columns.</param>
    /// <param name="metadata">Of the list.</param>
    /// <param name="objects">One row each.</param>
    /// <param name="include"><c>None</c>, <c>Metadata</c> or <c>Object</c>: how much of the object goes with its row.</param>
    /// <param name="now">What ages are measured from.</param>
    /// <param name="headings">False in a watch after its first event.</param>
    public static JsonObject Make(
        ResourceType type, JsonObject metadata, IEnumerable<StoredObject> objects, string include, DateTimeOffset now, bool headings = true)
    {
        var columns = TableColumns.Of(type);
        return new JsonObject
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = metadata,
            ["columnDefinitions"] = headings ? new JsonArray([.. columns.Select(c => c.ToJson())]) : new JsonArray(),
            ["rows"] = new JsonArray([.. objects.Select(o => Row(columns, o, include, now))]),
        };
    }

    public static JsonObject VersionMetadata(long version) => new() { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture) };

    private static JsonObject Row(IReadOnlyList<TableColumn> columns, StoredObject stored, string include, DateTimeOffset now)
    {
        var row = new JsonObject { ["cells"] = new JsonArray([.. columns.Select(c => c.Cell(stored.Json, now))]) };
        row["object"] = include switch
        {
            "None" => null,
            "Object" => stored.Json.DeepClone(),
            _ => new JsonObject
            {
                ["kind"] = "PartialObjectMetadata",
                ["apiVersion"] = "meta.k8s.io/v1",
                ["metadata"] = stored.Json["metadata"]!.DeepClone(),
            },
        };
        return row;
    }
}
