using System.Globalization;

namespace Planton.Cli.Kubectl.Printing;

/// <summary>A duration as kubectl shows an age: two units while it is short, one later.</summary>
internal static class HumanDuration
{
    public static string Format(TimeSpan duration)
    {
        var seconds = (long)duration.TotalSeconds;
        if (seconds < -1)
            return "<invalid>";
        if (seconds < 0)
            return "0s";
        var minutes = seconds / 60;
        var hours = minutes / 60;
        var days = hours / 24;
        var years = days / 365;
        return seconds switch
        {
            < 120 => Join((seconds, "s")),
            < 600 => Join((minutes, "m"), (seconds % 60, "s")),
            < 3 * 3600 => Join((minutes, "m")),
            < 8 * 3600 => Join((hours, "h"), (minutes % 60, "m")),
            < 48 * 3600 => Join((hours, "h")),
            < 192 * 3600 => Join((days, "d"), (hours % 24, "h")),
            < 2L * 365 * 24 * 3600 => Join((days, "d")),
            < 8L * 365 * 24 * 3600 => Join((years, "y"), (days % 365, "d")),
            _ => Join((years, "y")),
        };
    }

    private static string Join(params ReadOnlySpan<(long Count, string Unit)> parts)
    {
        var text = "";
        foreach (var (count, unit) in parts)
            text += text.Length > 0 && count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{count}{unit}");
        return text;
    }
}
