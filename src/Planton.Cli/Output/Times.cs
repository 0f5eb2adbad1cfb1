using System.Globalization;

namespace Planton.Cli.Output;

/// <summary>Times as tables show them.</summary>
internal static class Times
{
    /// <summary>How long ago, in its largest unit.</summary>
    public static string Ago(DateTimeOffset? time, TimeProvider clock)
    {
        if (time is not { } then)
            return "";
        var span = clock.GetUtcNow() - then;
        var (count, unit) = span switch
        {
            { TotalSeconds: < 1 } => (0, "s"),
            { TotalMinutes: < 2 } => ((int)span.TotalSeconds, "s"),
            { TotalHours: < 2 } => ((int)span.TotalMinutes, "m"),
            { TotalDays: < 2 } => ((int)span.TotalHours, "h"),
            _ => ((int)span.TotalDays, "d"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{count}{unit}");
    }

    public static string Utc(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) ?? "";
}
