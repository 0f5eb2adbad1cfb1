using System.Text.RegularExpressions;

namespace Planton.EndToEnd.Tests.Kubectl;

/// <summary>Ages in tables: programs that run one after the other print an object a second older.</summary>
internal static partial class Ages
{
    private static readonly string[] Columns = ["AGE", "LAST SEEN", "FIRST SEEN", "Age"];

    /// <summary>
    /// Puts <c>#</c> for each cell of an <c>AGE</c>, <c>LAST SEEN</c> or <c>FIRST SEEN</c> column, with the spaces after it: an age that gets longer
    /// makes its column wider. Every other column stays as it is. A table begins with its header and ends at an empty line.
    /// </summary>
    public static string Mask(string output)
    {
        var lines = output.Split('\n');
        List<(int Start, int? End)> ages = [];
        for (var number = 0; number < lines.Length; number++)
        {
            if (lines[number].Length == 0)
                ages = [];
            else if (Find(lines[number]) is { Count: > 0 } found)
                (ages, lines[number]) = (found, NarrowHeaders(lines[number], found));
            else
                lines[number] = MaskCells(lines[number], ages);
        }

        return string.Join('\n', lines);
    }

    /// <summary>The same for a table without its header, whose last column is the age.</summary>
    public static string MaskLastColumn(string output) => LastAge().Replace(output, "#");

    private static List<(int Start, int? End)> Find(string line)
    {
        var headers = Header().Matches(line);
        var found = new List<(int, int?)>();
        for (var i = 0; i < headers.Count; i++)
        {
            if (Columns.Contains(headers[i].Value, StringComparer.Ordinal))
                found.Add((headers[i].Index, i + 1 < headers.Count ? headers[i + 1].Index : null));
        }

        return found;
    }

    private static string NarrowHeaders(string line, List<(int Start, int? End)> ages)
    {
        foreach (var (start, end) in Enumerable.Reverse(ages))
        {
            if (end is not null)
                line = $"{line[..start]}{line[start..end.Value].TrimEnd()} {line[end.Value..]}";
        }

        return line;
    }

    private static string MaskCells(string line, List<(int Start, int? End)> ages)
    {
        // From the right, so that the offsets of the others stay true.
        foreach (var (start, end) in Enumerable.Reverse(ages))
        {
            if (start >= line.Length)
                continue;
            var stop = Math.Min(end ?? line.Length, line.Length);
            // A tab in a cell before it moves the last column of that row.
            var cell = end is null ? LastAge().Replace(line[start..], "#") : Age().Replace(line[start..stop], "#");
            line = $"{line[..start]}{cell}{line[stop..]}";
        }

        return line;
    }

    // Columns are at least two spaces apart; a name such as LAST SEEN has one.
    [GeneratedRegex(@"\S+(?: \S+)*", RegexOptions.CultureInvariant)]
    private static partial Regex Header();

    // 87s, 3m21s, 5y330d; of events also "12s (x3 over 4m)".
    [GeneratedRegex(@"^\d+[smhdy](\d+[smhd])?( \(x\d+ over \d+[smhdy](\d+[smhd])?\))? *$", RegexOptions.CultureInvariant)]
    private static partial Regex Age();

    [GeneratedRegex(@"(?<=^|\s)\d+[smhdy](\d+[smhd])?$", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex LastAge();
}
