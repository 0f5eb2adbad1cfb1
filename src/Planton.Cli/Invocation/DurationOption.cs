using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Planton.Cli.Invocation;

/// <summary>A span of time such as <c>90s</c>, <c>15m</c>, <c>12h</c> or <c>30d</c>.</summary>
internal static class DurationOption
{
    /// <summary>No span is longer, so that sums with the present stay in the calendar.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);

    public static Option<TimeSpan?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "DURATION",
        CustomParser = Parse,
    };

    public static bool TryParse(string text, out TimeSpan span)
    {
        span = default;
        if (text.Length < 2 || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return false;
        var unit = text[^1] switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            _ => TimeSpan.Zero,
        };
        if (unit == TimeSpan.Zero || count > Longest / unit)
            return false;
        span = unit * count;
        return true;
    }

    private static TimeSpan? Parse(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (TryParse(text, out var span))
            return span;
        result.AddError($"'{text}' is not a duration: a number with s, m, h or d, such as 12h or 30d.");
        return null;
    }
}
