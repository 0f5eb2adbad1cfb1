namespace Planton.Cli.Data;

/// <summary>A sequence.</summary>
internal sealed class DataList(List<DataNode> values) : DataNode
{
    public DataList()
        : this([])
    {
    }

    public List<DataNode> Values { get; } = values;
}
