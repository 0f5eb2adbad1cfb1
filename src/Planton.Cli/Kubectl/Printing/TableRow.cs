using Planton.Cli.Data;

namespace Planton.Cli.Kubectl.Printing;

/// <summary>A row of a table that the server made.</summary>
/// <param name="Cells">The values; null stands for nothing.</param>
/// <param name="Object">The object's metadata, when it was asked for.</param>
internal sealed record TableRow(List<DataNode?> Cells, DataNode? Object)
{
    public DataNode? Metadata => Object?["metadata"];

    public string Namespace => Metadata?["namespace"]?.Text ?? "";
}
