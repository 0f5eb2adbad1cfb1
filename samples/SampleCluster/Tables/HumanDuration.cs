namespace SampleCluster.Tables;

/// <summary>Ages as kubectl shows them: one or two units, coarser the longer ago.</summary>
internal static class HumanDuration
{
    public static string Format(TimeSpan duration)
    {
        var seconds = (long)duration.TotalSeconds;
        if (seconds < -1)
            return "<invalid>";
        if (seconds < 0)
            return "0s";
        if (seconds < 60 * 2)
            return $"{seconds}s";
        var minutes = seconds / 60;
        if (minutes < 10)
            return Two(minutes, "m", seconds % 60, "s");
        if (minutes < 60 * 3)
            return $"{minutes}m";
        var hours = minutes / 60;
        if (hours < 8)
            return Two(hours, "h", minutes % 60, "m");
        if (hours < 48)
            return $"{hours}h";
        var days = hours / 24;
        if (hours < 24 * 8)
            return Two(days, "d", hours % 24, "h");
        if (days < 365 * 2)
            return $"{days}d";
        return days < 365 * 8 ? Two(days / 365, "y", days % 365, "d") : $"{days / 365}y";
    }

    /// <summary>The time since <paramref name="from"/>, or <c>&lt;unknown&gt;</c>.</summary>
    public static string Since(DateTimeOffset? from, DateTimeOffset now) => from is null ? "<unknown>" : Format(now - from.Value);

    private static string Two(long large, string largeUnit, long small, string smallUnit) =>
        small == 0 ? $"{large}{largeUnit}" : $"{large}{largeUnit}{small}{smallUnit}";
}
