using System.Buffers;
using System.Globalization;
using System.Text;

namespace Planton.Api;

/// <summary>
/// Makes text of other people safe to show: a name or a message with control characters in it could repaint a terminal, type
/// into a shell, forge a line of a log or reorder what is read. Each such character becomes its code, <c>\u001b</c>, which is
/// its escape in JSON too.
/// </summary>
public static class SafeText
{
    // C0, DEL and C1 (with them NEL, U+0085); the marks and controls that reorder text; the separators of lines and paragraphs.
    private static readonly string All = string.Concat(
        Range('\u0000', '\u001F'), Range('\u007F', '\u009F'), "\u061C\u200E\u200F", Range('\u2028', '\u202E'), Range('\u2066', '\u2069'));

    private static readonly SearchValues<char> InOneLine = SearchValues.Create(All);
    private static readonly SearchValues<char> InLines = SearchValues.Create(All.Replace("\n", "", StringComparison.Ordinal));

    /// <summary>Every such character is replaced, line breaks included.</summary>
    public static string OneLine(string text) => Clean(text, InOneLine);

    /// <summary>Line feeds stay. A whole JSON document keeps its meaning: these characters stand in its strings only.</summary>
    public static string Lines(string text) => Clean(text, InLines);

    /// <summary>The same for a part of a longer text, written to <paramref name="output"/>.</summary>
    public static void WriteLines(TextWriter output, ReadOnlySpan<char> text)
    {
        for (int at; (at = text.IndexOfAny(InLines)) >= 0; text = text[(at + 1)..])
        {
            output.Write(text[..at]);
            output.Write(Escape(text[at]));
        }

        output.Write(text);
    }

    private static string Clean(string text, SearchValues<char> found)
    {
        var at = text.AsSpan().IndexOfAny(found);
        if (at < 0)
            return text;
        var clean = new StringBuilder(text, 0, at, text.Length + 16);
        foreach (var c in text.AsSpan(at))
        {
            if (found.Contains(c))
                clean.Append(Escape(c));
            else
                clean.Append(c);
        }

        return clean.ToString();
    }

    private static string Escape(char c) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");

    private static string Range(char first, char last) => string.Concat(Enumerable.Range(first, last - first + 1).Select(code => (char)code));
}
