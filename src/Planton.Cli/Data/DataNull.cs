namespace Planton.Cli.Data;

/// <summary>The null of JSON and YAML.</summary>
internal sealed class DataNull : DataNode
{
    public static DataNull Instance { get; } = new();
}
