using Planton.Cli.Data;

namespace Planton.Cli.Kubectl.Printing;

/// <summary>Adds the columns that the client adds to the server's table.</summary>
internal static class TableDecorator
{
    /// <summary>The longest event type, so that the column does not move.</summary>
    private const int EventWidth = 8;

    public static ServerTable Decorate(ServerTable table, TableOptions options, string? eventType)
    {
        var width = table.Columns.Count;
        var nameColumn = options.KindPrefix is null
            ? -1
            : table.Columns.TakeWhile(column => column is not { Format: "name", Type: "string" }).Count();
        var rows = table.Rows.Select(row => new TableRow(DecorateRow(row, width, nameColumn, options, eventType), row.Object)).ToArray();
        List<TableColumn> columns = [];
        if (eventType is not null)
            columns.Add(new TableColumn("Event"));
        if (options.WithNamespace)
            columns.Add(new TableColumn("Namespace"));
        columns.AddRange(table.Columns);
        columns.AddRange(options.LabelColumns.Select(label => new TableColumn(LabelHeader(label))));
        if (options.ShowLabels)
            columns.Add(new TableColumn("Labels"));
        return new ServerTable(columns, rows);
    }

    /// <summary>The last part of a label's name.</summary>
    public static string LabelHeader(string label) => label[(label.LastIndexOf('/') + 1)..].ToUpperInvariant();

    public static string EventCell(string type) => type.PadRight(EventWidth);

    public static IEnumerable<string> LabelCells(DataNode? metadata, TableOptions options)
    {
        var labels = metadata?["labels"];
        foreach (var column in options.LabelColumns)
            yield return labels?[column]?.Text ?? "";
        if (!options.ShowLabels)
            yield break;
        yield return labels is DataMap { Entries.Count: > 0 } map
            ? string.Join(',', map.Entries.OrderBy(label => label.Key, CodePointComparer.Instance).Select(label => $"{label.Key}={label.Value.Text}"))
            : "<none>";
    }

    private static List<DataNode?> DecorateRow(TableRow row, int width, int nameColumn, TableOptions options, string? eventType)
    {
        var cells = row.Cells.ToList();
        if (nameColumn >= 0 && nameColumn < cells.Count && nameColumn < width)
            cells[nameColumn] = new DataText($"{options.KindPrefix}/{(cells[nameColumn] is { } name ? CellText.Display(name) : "")}");
        if (options.WithNamespace)
            cells.Insert(0, new DataText(row.Namespace));
        if (eventType is not null)
            cells.Insert(0, new DataText(EventCell(eventType)));
        cells.AddRange(LabelCells(row.Metadata, options).Select(text => new DataText(text)));
        return cells;
    }
}
