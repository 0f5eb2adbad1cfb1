using System.Text;
using static Planton.Cli.Data.Yaml.YamlCharacters;

namespace Planton.Cli.Data.Yaml;

/// <summary>Which styles can carry a scalar without loss.</summary>
internal readonly record struct YamlScalarAnalysis(bool Multiline, bool PlainAllowed, bool SingleQuotedAllowed, bool BlockAllowed)
{
    private const int MaxSimpleKeyBytes = 128;

    public static YamlScalarAnalysis Of(string value)
    {
        if (value.Length == 0)
            return new(false, true, true, false);

        var indicators = value.StartsWith("---", StringComparison.Ordinal) || value.StartsWith("...", StringComparison.Ordinal);
        bool breaks = false, special = false, breakSpace = false, spaceBreak = false;
        bool previousSpace = false, previousBreak = false;
        var precededByWhitespace = true;
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            var followedByWhitespace = i + 1 >= value.Length || IsBlank(value[i + 1]);
            indicators |= i == 0 ? StartsAsIndicator(c, followedByWhitespace)
                : c == ':' ? followedByWhitespace
                : c == '#' && precededByWhitespace;
            special |= !IsPrintable(c);
            breakSpace |= c == ' ' && previousBreak;
            spaceBreak |= IsBreak(c) && previousSpace;
            breaks |= IsBreak(c);
            previousSpace = c == ' ';
            previousBreak = IsBreak(c);
            precededByWhitespace = IsBlank(c) || IsBreak(c) || c == '\0';
        }

        var spaceAtAnEnd = value[0] == ' ' || value[^1] == ' ';
        var breakAtAnEnd = IsBreak(value[0]) || IsBreak(value[^1]);
        var unquotable = spaceBreak || special;
        return new(
            breaks,
            PlainAllowed: !(spaceAtAnEnd || breakAtAnEnd || breakSpace || unquotable || breaks || indicators),
            SingleQuotedAllowed: !(breakSpace || unquotable),
            BlockAllowed: !(value[^1] == ' ' || unquotable));
    }

    /// <summary>Whether a key can stand on one line before its colon.</summary>
    public bool IsSimpleKey(string value) => !Multiline && Encoding.UTF8.GetByteCount(value) <= MaxSimpleKeyBytes;

    /// <summary>The style to write with, given the wanted one.</summary>
    public YamlScalarStyle Select(string value, YamlScalarStyle style, bool simpleKey)
    {
        if (simpleKey && Multiline)
            style = YamlScalarStyle.DoubleQuoted;
        if (style == YamlScalarStyle.Plain && (!PlainAllowed || (value.Length == 0 && simpleKey)))
            style = YamlScalarStyle.SingleQuoted;
        if (style == YamlScalarStyle.SingleQuoted && !SingleQuotedAllowed)
            style = YamlScalarStyle.DoubleQuoted;
        if (style == YamlScalarStyle.Literal && (!BlockAllowed || simpleKey))
            style = YamlScalarStyle.DoubleQuoted;
        return style;
    }

    private static bool StartsAsIndicator(char c, bool followedByWhitespace) => c switch
    {
        '#' or ',' or '[' or ']' or '{' or '}' or '&' or '*' or '!' or '|' or '>' or '\'' or '"' or '%' or '@' or '`' => true,
        '?' or ':' or '-' => followedByWhitespace,
        _ => false,
    };
}
