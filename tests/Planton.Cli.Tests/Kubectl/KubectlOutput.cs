using System.Text.RegularExpressions;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Kubectl;

/// <summary>What two runs of <c>kubectl get</c> must have in common.</summary>
internal static partial class KubectlOutput
{
    /// <summary>Without the ages of tables, and without the server's warnings of deprecated versions.</summary>
    public static CliResult Comparable(CliResult result) => result with
    {
        Out = WithoutAges(result.Out),
        Error = string.Join('\n', result.Error.Split('\n').Where(line => !line.StartsWith("Warning:", StringComparison.Ordinal))),
    };

    /// <summary>
    /// Hides what stands below the heading AGE of a table. Nothing else: outside of such a column <c>5m</c> may be a quantity.
    /// </summary>
    public static string WithoutAges(string output)
    {
        var column = -1;
        var lines = output.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (HeadingPattern().IsMatch(lines[i]))
                column = AgeHeadingPattern().Match(lines[i]) is { Success: true } heading ? heading.Index : -1;
            else if (lines[i].Length == 0)
                column = -1;
            else if (column >= 0)
                lines[i] = WithoutAge(lines[i], column);
        }

        return string.Join('\n', lines);
    }

    // Columns are counted in characters, of which some take two units of a string.
    private static string WithoutAge(string line, int column)
    {
        var runes = line.EnumerateRunes().ToArray();
        var before = string.Concat(runes.Take(column));
        var after = string.Concat(runes.Skip(column));
        return before + AgePattern().Replace(after, age => "AGE".PadRight(age.Length));
    }

    [GeneratedRegex(@"^(NAMESPACE|NAME|EVENT|LAST SEEN) ")]
    private static partial Regex HeadingPattern();

    [GeneratedRegex(@"(?<= )AGE(?= |$)")]
    private static partial Regex AgeHeadingPattern();

    [GeneratedRegex(@"^(\d+[ydhms])+(?= |$)")]
    private static partial Regex AgePattern();
}
