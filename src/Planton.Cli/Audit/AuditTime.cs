using System.CommandLine;
using System.Globalization;
using Planton.Cli.Invocation;

namespace Planton.Cli.Audit;

/// <summary>A point in time: <c>90m</c> ago, or <c>2026-03-04</c>, or <c>2026-03-04T05:06:07Z</c>. Without a zone it is UTC.</summary>
internal static class AuditTime
{
    private static readonly string[] Formats = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    public static Option<string?> CreateOption(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "TIME" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !TryParse(text, DateTimeOffset.UnixEpoch.AddYears(500), out _))
                result.AddError($"{name}: '{text}' is not a time: write how long ago, such as 90m or 7d, or a date, such as 2026-03-04 or 2026-03-04T05:06:07Z.");
        });
        return option;
    }

    /// <summary>Null when <paramref name="text"/> is.</summary>
    public static DateTimeOffset? Read(string? text, TimeProvider clock) =>
        text is not null && TryParse(text, clock.GetUtcNow(), out var time) ? time : null;

    private static bool TryParse(string text, DateTimeOffset now, out DateTimeOffset time)
    {
        if (!DurationOption.TryParse(text, out var ago))
            return DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
        time = now - ago;
        return true;
    }
}
