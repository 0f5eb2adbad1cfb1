namespace Planton.Cli.Data;

/// <summary>A string.</summary>
internal sealed class DataText(string value) : DataNode
{
    public string Value { get; } = value;
}
