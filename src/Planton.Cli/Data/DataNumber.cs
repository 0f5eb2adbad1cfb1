namespace Planton.Cli.Data;

/// <summary>A number, as the document spells it: a cluster's 64-bit integers must not pass through a double.</summary>
internal sealed class DataNumber(string raw) : DataNode
{
    public string Raw { get; } = raw;
}
