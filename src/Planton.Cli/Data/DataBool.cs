namespace Planton.Cli.Data;

/// <summary>True or false.</summary>
internal sealed class DataBool(bool value) : DataNode
{
    public bool Value { get; } = value;
}
