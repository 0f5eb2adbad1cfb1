using System.Globalization;
using System.Text;

namespace Planton.Runner.Logging;

/// <summary>Text of other origin as one line: a control character in it could repaint the terminal that shows it.</summary>
internal static class SingleLine
{
    private const string LineBreak = " ⏎ ";

    /// <summary>Line breaks become a sign, and every other control character its code.</summary>
    public static string Of(string text)
    {
        if (!text.Any(char.IsControl))
            return text;
        var line = new StringBuilder(text.Length + 16);
        foreach (var c in text.ReplaceLineEndings(LineBreak))
        {
            if (char.IsControl(c))
                line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                line.Append(c);
        }

        return line.ToString();
    }
}
