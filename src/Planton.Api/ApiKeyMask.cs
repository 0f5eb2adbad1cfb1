using System.Text.RegularExpressions;

namespace Planton.Api;

/// <summary>Hides the secret of every API key in a text: in audit records, in logs, in whatever shows a path.</summary>
public static partial class ApiKeyMask
{
    /// <summary>Of each key its prefix and public id stay, which tell whose it was; the rest becomes <c>…</c>.</summary>
    public static string Apply(string text) =>
        text.Contains("pck", StringComparison.Ordinal) ? SecretOfKey().Replace(text, "$1…") : text;

    // Mistyped and cut keys are keys as well, and so are one that follows another without a gap and one whose '_' is escaped in a URL.
    [GeneratedRegex("(pck(?:_|%5[Ff])[0-9A-Za-z_-]{12})(?:[0-9A-Za-z_-]|%5[Ff])+", RegexOptions.CultureInvariant)]
    private static partial Regex SecretOfKey();
}
