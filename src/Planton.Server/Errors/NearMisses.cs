namespace Planton.Server.Errors;

/// <summary>Names like the one that was not found.</summary>
internal static class NearMisses
{
    private const int MaxSuggestions = 3;

    // Names are slugs of at most 63 characters; what is longer is not worth comparing.
    private const int MaxCompared = 64;

    /// <summary>Suggests names from <paramref name="known"/>, which holds only what the caller may see; else the command that lists them.</summary>
    public static string Hint(string name, IEnumerable<string> known, string listCommand)
    {
        var near = Find(name, known);
        return near.Count > 0
            ? $"Did you mean {string.Join(" or ", near)}? See them all with: {listCommand}"
            : $"See what there is with: {listCommand}";
    }

    public static IReadOnlyList<string> Find(string name, IEnumerable<string> known)
    {
        if (name.Length > MaxCompared)
            return [];
        var farthest = Math.Max(1, name.Length / 3);
        return
        [
            .. known
                .Select(candidate => (candidate, distance: Distance(name, candidate)))
                .Where(pair => pair.distance <= farthest || IsPart(name, pair.candidate))
                .OrderBy(pair => pair.distance)
                .ThenBy(pair => pair.candidate, StringComparer.Ordinal)
                .Take(MaxSuggestions)
                .Select(pair => pair.candidate),
        ];
    }

    private static bool IsPart(string name, string candidate) =>
        name.Length >= 3 && (candidate.Contains(name, StringComparison.OrdinalIgnoreCase) || name.Contains(candidate, StringComparison.OrdinalIgnoreCase));

    // Edits (insertion, deletion, replacement) between two names, one row at a time.
    private static int Distance(string left, string right)
    {
        var row = new int[right.Length + 1];
        for (var column = 0; column <= right.Length; column++)
            row[column] = column;
        for (var line = 1; line <= left.Length; line++)
        {
            var diagonal = row[0];
            row[0] = line;
            for (var column = 1; column <= right.Length; column++)
            {
                var same = char.ToLowerInvariant(left[line - 1]) == char.ToLowerInvariant(right[column - 1]);
                var replaced = diagonal + (same ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.Min(replaced, Math.Min(row[column], row[column - 1]) + 1);
            }
        }

        return row[right.Length];
    }
}
