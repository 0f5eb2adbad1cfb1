using System.Globalization;
using System.Text;
using Planton.Cli.Data;

namespace Planton.Cli.Kubectl.Printing;

/// <summary>Prints the tables of one resource type one after another, with one header.</summary>
internal sealed class TablePrinter(TableOptions options, TimeProvider clock)
{
    private IReadOnlyList<TableColumn> _lastColumns = [];
    private bool _headersPrinted;
    private bool _plainHeadersPrinted;

    /// <summary>Prints an answer of the server: a table, or an object or list where it makes none.</summary>
    /// <param name="node">The answer.</param>
    /// <param name="writer">Where to.</param>
    /// <param name="eventType">The kind of a watch's event, when that is to be shown.</param>
    /// <param name="skipRows">Take note of the columns only.</param>
    public void Print(DataNode node, TabWriter writer, string? eventType = null, bool skipRows = false)
    {
        if (ServerTable.Read(node) is { } table)
            PrintTable(skipRows ? table with { Rows = [] } : table, writer, eventType);
        else if (!skipRows)
            PrintPlain(node, writer, eventType);
    }

    private void PrintTable(ServerTable table, TabWriter writer, string? eventType)
    {
        var columns = table.Columns;
        var noHeaders = options.NoHeaders || (_headersPrinted && (columns.Count == 0 || columns.SequenceEqual(_lastColumns)));
        if (columns.Count == 0)
        {
            // A watch names the columns in its first event only.
            columns = _lastColumns;
        }
        else if (!columns.SequenceEqual(_lastColumns))
        {
            _lastColumns = columns;
            _headersPrinted = false;
        }

        if (table.Rows.Count == 0)
            return;
        _headersPrinted = true;
        var decorated = TableDecorator.Decorate(new ServerTable(columns, table.Rows), options, eventType);
        var visible = decorated.Columns.Select(column => options.Wide || !column.WideOnly).ToArray();
        if (!noHeaders)
            writer.Write(string.Join('\t', decorated.Columns.Where((_, i) => visible[i]).Select(column => CellText.Escape(column.Name.ToUpperInvariant()))) + "\n");
        var line = new StringBuilder();
        foreach (var row in decorated.Rows)
        {
            line.Clear();
            var first = true;
            for (var i = 0; i < Math.Min(row.Cells.Count, visible.Length); i++)
            {
                if (!visible[i])
                    continue;
                if (!first)
                    line.Append('\t');
                first = false;
                line.Append(CellText.Of(row.Cells[i]));
            }

            writer.Write(line.Append('\n').ToString());
        }
    }

    /// <summary>Name and age are all that can be shown of just any object.</summary>
    private void PrintPlain(DataNode node, TabWriter writer, string? eventType)
    {
        IReadOnlyList<DataNode> objects = node["items"] is DataList list ? list.Values : [node];
        foreach (var item in objects)
        {
            if (!_plainHeadersPrinted && !options.NoHeaders)
                writer.Write(string.Join('\t', PlainHeaders(eventType)) + "\n");
            _plainHeadersPrinted = true;
            writer.Write(string.Join('\t', PlainCells(item["metadata"], eventType).Select(CellText.Escape)) + "\n");
        }
    }

    private IEnumerable<string> PlainHeaders(string? eventType) =>
    [
        .. eventType is null ? (string[])[] : ["EVENT"],
        .. options.WithNamespace ? (string[])["NAMESPACE"] : [],
        "NAME",
        "AGE",
        .. options.LabelColumns.Select(TableDecorator.LabelHeader),
        .. options.ShowLabels ? (string[])["LABELS"] : [],
    ];

    private IEnumerable<string> PlainCells(DataNode? metadata, string? eventType) =>
    [
        .. eventType is null ? (string[])[] : [TableDecorator.EventCell(eventType)],
        .. options.WithNamespace ? (string[])[metadata?["namespace"]?.Text ?? ""] : [],
        (options.KindPrefix is { } kind ? kind + "/" : "") + metadata?["name"]?.Text,
        Age(metadata?["creationTimestamp"]?.Text),
        .. TableDecorator.LabelCells(metadata, options),
    ];

    private string Age(string? created) =>
        DateTimeOffset.TryParse(created, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? HumanDuration.Format(clock.GetUtcNow() - time)
            : "<unknown>";
}
