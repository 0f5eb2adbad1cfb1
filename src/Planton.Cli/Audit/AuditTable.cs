using Planton.Api.Audit;
using Planton.Cli.Output;

namespace Planton.Cli.Audit;

/// <summary>How records look on a terminal.</summary>
internal static class AuditTable
{
    public static string[] Headers { get; } = ["TIME", "OUTCOME", "ACTOR", "ACTION", "RESOURCE", "SOURCE", "OPERATION", "DETAIL"];

    public static void Write(TextWriter output, IEnumerable<AuditRecord> records)
    {
        var table = new TextTable(Headers);
        foreach (var record in records)
            table.Add(Cells(record));
        table.Write(output);
    }

    public static string[] Cells(AuditRecord record) =>
    [
        Times.Utc(record.Time),
        record.Outcome,
        $"{record.Actor.Kind}/{record.Actor.Name}",
        record.Action,
        record.Resource,
        record.SourceAddress ?? "",
        record.OperationId,
        record.Code is null ? record.Detail ?? "" : $"{record.Code}{(record.Detail is null ? "" : $": {record.Detail}")}",
    ];
}
