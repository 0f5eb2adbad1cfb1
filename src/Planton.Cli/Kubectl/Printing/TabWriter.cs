using System.Text;

namespace Planton.Cli.Kubectl.Printing;

/// <summary>
/// Aligns tab-separated cells with kubectl's rules: a column is a run of adjacent lines that have a cell there followed by
/// another one, is at least six wide with three spaces of padding, and never narrower than in an earlier flush.
/// </summary>
internal sealed class TabWriter(TextWriter output)
{
    private const int MinimumWidth = 6;
    private const int Padding = 3;

    private readonly List<List<string>> _lines = [[]];
    private readonly StringBuilder _cell = new();
    private readonly List<int> _widths = [];
    private readonly List<int> _remembered = [];

    /// <summary>How many characters have been written through.</summary>
    public long Written { get; private set; }

    /// <summary>Called before the next character is written through; used once.</summary>
    public Action? BeforeOutput { get; set; }

    /// <summary>The next flush starts with widths of its own.</summary>
    public void ForgetWidths() => _remembered.Clear();

    /// <summary>Takes text in which tabs separate cells and line breaks end lines.</summary>
    public void Write(string text)
    {
        foreach (var c in text)
        {
            if (c is not ('\t' or '\v' or '\n' or '\f'))
            {
                _cell.Append(c);
                continue;
            }

            EndCell();
            if (c is '\t' or '\v')
                continue;
            var cells = _lines[^1].Count;
            _lines.Add([]);
            if (c == '\f' || cells == 1)
                Flush();
        }
    }

    public void Flush()
    {
        if (_cell.Length > 0)
            EndCell();
        Format(0, _lines.Count);
        _lines.Clear();
        _lines.Add([]);
    }

    private void EndCell()
    {
        _lines[^1].Add(_cell.ToString());
        _cell.Clear();
    }

    private void Format(int first, int end)
    {
        var column = _widths.Count;
        for (var line = first; line < end; line++)
        {
            if (column >= _lines[line].Count - 1)
                continue;
            WriteLines(first, line);
            first = line;
            var width = MinimumWidth;
            for (; line < end && column < _lines[line].Count - 1; line++)
                width = Math.Max(width, Width(_lines[line][column]) + Padding);
            _widths.Add(Remember(column, width));
            Format(first, line);
            _widths.RemoveAt(column);
            first = line;
        }

        WriteLines(first, end);
    }

    private int Remember(int column, int width)
    {
        while (_remembered.Count < column)
            _remembered.Add(_widths[_remembered.Count]);
        if (_remembered.Count == column)
            _remembered.Add(width);
        return _remembered[column] = Math.Max(_remembered[column], width);
    }

    private void WriteLines(int first, int end)
    {
        for (var line = first; line < end; line++)
        {
            var cells = _lines[line];
            for (var column = 0; column < cells.Count; column++)
            {
                Put(cells[column]);
                if (column < _widths.Count)
                    Put(new string(' ', Math.Max(0, _widths[column] - Width(cells[column]))));
            }

            // The last line is the one that has only been begun.
            if (line + 1 < _lines.Count)
                Put("\n");
        }
    }

    private void Put(string text)
    {
        if (text.Length == 0)
            return;
        if (BeforeOutput is { } before)
        {
            BeforeOutput = null;
            before();
        }

        Written += text.Length;
        output.Write(text);
    }

    private static int Width(string cell)
    {
        var width = 0;
        foreach (var c in cell)
            width += char.IsLowSurrogate(c) ? 0 : 1;
        return width;
    }
}
