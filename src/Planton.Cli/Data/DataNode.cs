namespace Planton.Cli.Data;

/// <summary>A JSON or YAML value. One model for both, so that a document can be read in one and written in the other.</summary>
internal abstract class DataNode
{
    /// <summary>The member of a map; null when this is no map or has no such member.</summary>
    public DataNode? this[string key] => this is DataMap map && map.Entries.TryGetValue(key, out var value) ? value : null;

    /// <summary>The text of a string value; null for any other kind.</summary>
    public string? Text => (this as DataText)?.Value;

    /// <summary>The items of a list; empty for any other kind.</summary>
    public IReadOnlyList<DataNode> Items => this is DataList list ? list.Values : [];
}
