using System.Text;
using System.Text.Json;
using Planton.Api;
using Planton.Api.Audit;
using Planton.Cli.Data.Json;
using Planton.Cli.Data.Yaml;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Audit;

/// <summary>
/// Prints records as they come: rows, one JSON object a line, or YAML documents. The columns are as wide as the records known at
/// the start; a longer cell pushes its row to the right, for a row that was printed cannot be moved.
/// </summary>
internal sealed class AuditStream
{
    private const int Gap = 3;
    private readonly CommandContext _context;
    private readonly OutputFormat _format;
    private readonly int[] _widths;

    public AuditStream(CommandContext context, OutputFormat format, IReadOnlyList<AuditRecord> known)
    {
        (_context, _format) = (context, format);
        var rows = known.Select(Row).Prepend(AuditTable.Headers).ToArray();
        _widths = [.. AuditTable.Headers.Select((_, column) => rows.Max(row => row[column].Length))];
        if (format == OutputFormat.Table)
            WriteRow(AuditTable.Headers);
    }

    public Task WriteAsync(IEnumerable<AuditRecord> records, CancellationToken cancellationToken)
    {
        foreach (var record in records)
        {
            if (_format == OutputFormat.Table)
                WriteRow(Row(record));
            else if (_format == OutputFormat.Json)
                _context.Console.Out.Write(JsonSerializer.Serialize(record, CliJson.Line.AuditRecord) + "\n");
            else
                _context.Console.Out.Write("---\n" + ToYaml(record));
        }

        return _context.Console.Out.FlushAsync(cancellationToken);
    }

    private static string ToYaml(AuditRecord record) =>
        YamlWriter.ToText(JsonDataReader.Read(JsonSerializer.SerializeToUtf8Bytes(record, PlantonJson.Default.AuditRecord)), sortKeys: false);

    private static string[] Row(AuditRecord record) => [.. AuditTable.Cells(record).Select(SafeText.OneLine)];

    private void WriteRow(string[] row)
    {
        var line = new StringBuilder();
        for (var column = 0; column < row.Length; column++)
            line.Append(row[column].PadRight(_widths[column])).Append(' ', Gap);
        _context.Console.Out.Write(line.ToString().TrimEnd() + "\n");
    }
}
