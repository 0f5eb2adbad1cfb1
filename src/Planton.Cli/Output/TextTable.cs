using System.Text;
using Planton.Api;

namespace Planton.Cli.Output;

/// <summary>A table of aligned columns, three spaces apart, safe for a terminal.</summary>
internal sealed class TextTable(params string[] headers)
{
    private const int Gap = 3;
    private readonly List<string[]> _rows = [headers];

    public void Add(params string?[] cells) => _rows.Add([.. cells.Select(cell => SafeText.OneLine(cell ?? ""))]);

    public void Write(TextWriter output)
    {
        var widths = Enumerable.Range(0, headers.Length).Select(column => _rows.Max(row => Width(row[column]))).ToArray();
        foreach (var row in _rows)
        {
            var line = new StringBuilder();
            for (var column = 0; column < row.Length; column++)
                line.Append(row[column]).Append(' ', column + 1 < row.Length ? widths[column] - Width(row[column]) + Gap : 0);
            output.Write(line.ToString().TrimEnd());
            output.Write('\n');
        }
    }

    private static int Width(string text) => text.EnumerateRunes().Count();
}
