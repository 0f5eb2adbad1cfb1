using System.Globalization;
using System.Text;

namespace Planton.Cli.Output;

/// <summary>
/// Makes text of other people safe for a terminal: a name or a message with escape sequences in it could repaint the screen
/// or type into the shell.
/// </summary>
internal static class SafeText
{
    /// <summary>No control character is left, line breaks included.</summary>
    public static string OneLine(string text) => Clean(text, keepLines: false);

    /// <summary>Line breaks stay; every other control character goes.</summary>
    public static string Lines(string text) => Clean(text, keepLines: true);

    private static string Clean(string text, bool keepLines)
    {
        var unsafeAt = text.AsSpan().IndexOfAnyInRange('\0', '\u001F');
        if (unsafeAt < 0 && !text.Any(c => IsUnsafe(c, keepLines)))
            return text;
        var clean = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if (IsUnsafe(c, keepLines))
                clean.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                clean.Append(c);
        }

        return clean.ToString();
    }

    // Beyond the control characters: the marks that reorder text on the screen.
    private static bool IsUnsafe(char c, bool keepLines) =>
        (char.IsControl(c) && !(keepLines && c == '\n')) || c is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069';
}
