namespace Planton.Api.Operations;

/// <summary>
/// Where a <c>Location</c> leads, seen from one target: to a path of that target, or elsewhere. Takes nothing that one client reads
/// so and another one otherwise, for a client repeats its key where it is led to.
/// </summary>
public static class RedirectLocation
{
    /// <summary>
    /// Path, query and fragment below the target's root: one slash at the beginning, no dot segments. Null when it leads elsewhere, or
    /// cannot be read for certain.
    /// </summary>
    /// <param name="location">The header's value: an absolute, a network-path, a path or a relative reference (RFC 3986, section 4).</param>
    /// <param name="asked">The path and query that it answers, as the target saw them: what a relative reference is relative to.</param>
    /// <param name="isTarget">Whether a scheme, which is null where the reference has none, and a host with its port are the target's own.</param>
    public static string? Resolve(string location, string asked, Func<string?, string, bool> isTarget)
    {
        ArgumentNullException.ThrowIfNull(location);
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(isTarget);
        // Browsers take a backslash for a slash, and leave white space out.
        if (location.Length == 0 || location.Any(character => character is <= ' ' or >= (char)127 or '\\'))
            return null;
        var (scheme, rest) = SplitScheme(location);
        if (rest.StartsWith("//", StringComparison.Ordinal))
        {
            var end = EndOf(rest, 2, "/?#");
            if (!isTarget(scheme, rest[2..end]))
                return null;
            rest = end < rest.Length && rest[end] == '/' ? rest[end..] : "/" + rest[end..];
        }
        else if (scheme is not null)
        {
            return null;
        }

        var pathEnd = EndOf(rest, 0, "?#");
        var (path, suffix) = (rest[..pathEnd], rest[pathEnd..]);
        var askedEnd = EndOf(asked, 0, "?#");
        if (path.Length == 0)
            (path, suffix) = (asked[..askedEnd], suffix.StartsWith('?') ? suffix : asked[askedEnd..] + suffix);
        else if (path[0] != '/')
            path = asked[..(asked.LastIndexOf('/', Math.Max(0, askedEnd - 1)) + 1)] + path;
        return RemoveDots(path) is { } clean ? clean + suffix : null;
    }

    private static (string? Scheme, string After) SplitScheme(string text)
    {
        var end = EndOf(text, 0, ":/?#");
        return end < text.Length && text[end] == ':' ? (text[..end], text[(end + 1)..]) : (null, text);
    }

    // RFC 3986, section 5.2.4; browsers take %2e for a dot. Null where the result could be read as a host, or another hop that
    // decodes it could find dot segments.
    private static string? RemoveDots(string path)
    {
        if (path.Length == 0 || path[0] != '/')
            return null;
        var kept = new List<string>();
        var segments = path[1..].Split('/');
        for (var index = 0; index < segments.Length; index++)
        {
            var isLast = index == segments.Length - 1;
            switch (segments[index].Replace("%2e", ".", StringComparison.OrdinalIgnoreCase))
            {
                case ".":
                    break;
                case "..":
                    if (kept.Count > 0)
                        kept.RemoveAt(kept.Count - 1);
                    break;
                default:
                    if (HidesDots(segments[index]))
                        return null;
                    kept.Add(segments[index]);
                    continue;
            }

            if (isLast)
                kept.Add("");
        }

        var clean = "/" + string.Join('/', kept);
        return clean.StartsWith("//", StringComparison.Ordinal) ? null : clean;
    }

    private static bool HidesDots(string segment) =>
        segment.Contains('%', StringComparison.Ordinal) && Uri.UnescapeDataString(segment).Split('/', '\\').Any(part => part is "." or "..");

    private static int EndOf(string text, int start, string delimiters)
    {
        var at = text.AsSpan(start).IndexOfAny(delimiters);
        return at < 0 ? text.Length : start + at;
    }
}
