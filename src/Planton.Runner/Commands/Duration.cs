using System.Globalization;
using System.Text.RegularExpressions;

namespace Planton.Runner.Commands;

/// <summary>Durations as people write them: <c>500ms</c>, <c>30s</c>, <c>2m</c>, <c>1m30s</c>, <c>1h</c>.</summary>
internal static partial class Duration
{
    public const string Rule = "write a duration such as 30s, 2m or 1m30s (at most 24h)";

    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    public static TimeSpan? Parse(string text)
    {
        if (!Form().IsMatch(text))
            return null;
        var total = TimeSpan.Zero;
        foreach (var match in Part().EnumerateMatches(text))
        {
            var part = text.AsSpan(match.Index, match.Length);
            var digits = part.TrimEnd("msh");
            if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > 1e8)
                return null;
            total += TimeSpan.FromMilliseconds(number * (part[digits.Length..] switch
            {
                "ms" => 1,
                "s" => 1_000,
                "m" => 60_000,
                _ => 3_600_000,
            }));
            if (total > Longest)
                return null;
        }

        return total;
    }

    [GeneratedRegex(@"^(\d+(\.\d+)?(ms|s|m|h))+$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    [GeneratedRegex(@"\d+(\.\d+)?(ms|s|m|h)", RegexOptions.CultureInvariant)]
    private static partial Regex Part();
}
