using Planton.Cli.Data;

namespace Planton.Cli.Kubectl.Printing;

/// <summary>Takes the server's lists apart and puts kubectl's own together.</summary>
internal static class ObjectLists
{
    private const string ListSuffix = "List";

    public static bool IsList(DataNode node) => node["items"] is DataList;

    /// <summary>The objects of a list, each with the kind and version that the server names once; or the object itself.</summary>
    public static IEnumerable<DataNode> Flatten(DataNode node)
    {
        if (node["items"] is not DataList list)
            return [node];
        var kind = node["kind"]?.Text ?? "";
        var itemKind = kind.EndsWith(ListSuffix, StringComparison.Ordinal) ? kind[..^ListSuffix.Length] : "";
        foreach (var item in list.Values.OfType<DataMap>())
        {
            if (item["kind"] is null && item["apiVersion"] is null && itemKind.Length > 0)
            {
                item.Set("kind", itemKind);
                item.Set("apiVersion", node["apiVersion"]?.Text);
            }
        }

        return list.Values;
    }

    /// <summary>The list that is printed, whatever the objects are.</summary>
    public static DataMap Wrap(IEnumerable<DataNode> objects) => new(
        ("apiVersion", new DataText("v1")),
        ("items", new DataList([.. objects])),
        ("kind", new DataText(ListSuffix)),
        ("metadata", new DataMap(("resourceVersion", new DataText("")))));

    /// <summary>Removes the bookkeeping that nobody reads.</summary>
    public static DataNode WithoutManagedFields(DataNode node)
    {
        (node["metadata"] as DataMap)?.Entries.Remove("managedFields");
        return node;
    }
}
