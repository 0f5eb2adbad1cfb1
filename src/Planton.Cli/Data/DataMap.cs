namespace Planton.Cli.Data;

/// <summary>A mapping that keeps the order in which it was read.</summary>
internal sealed class DataMap : DataNode
{
    public DataMap()
    {
    }

    public DataMap(params ReadOnlySpan<(string Key, DataNode Value)> entries)
    {
        foreach (var (key, value) in entries)
            Entries[key] = value;
    }

    public OrderedDictionary<string, DataNode> Entries { get; } = [];

    /// <summary>Sets a member, or removes it when <paramref name="value"/> is null.</summary>
    public void Set(string key, DataNode? value)
    {
        if (value is null)
            Entries.Remove(key);
        else
            Entries[key] = value;
    }

    public void Set(string key, string? text) => Set(key, text is null ? null : new DataText(text));
}
