using System.Globalization;
using System.Text;
using static Planton.Cli.Data.Yaml.YamlCharacters;

namespace Planton.Cli.Data.Yaml;

/// <summary>Writes scalars in each style, folding long lines where the YAML library of Kubernetes does.</summary>
internal sealed class YamlScalarWriter(YamlTextOutput output)
{
    /// <summary>A line longer than this is folded at its next space.</summary>
    private const int BestWidth = 80;

    public void Write(string value, YamlScalarStyle style, bool allowBreaks)
    {
        switch (style)
        {
            case YamlScalarStyle.Plain:
                WritePlain(value, allowBreaks);
                break;
            case YamlScalarStyle.SingleQuoted:
                WriteSingleQuoted(value, allowBreaks);
                break;
            case YamlScalarStyle.DoubleQuoted:
                WriteDoubleQuoted(value, allowBreaks);
                break;
            default:
                WriteLiteral(value);
                break;
        }
    }

    private void WritePlain(string value, bool allowBreaks)
    {
        if (!output.Whitespace)
            output.Put(' ');
        WriteFolded(value, allowBreaks, quote: null);
        output.EndScalar();
    }

    private void WriteSingleQuoted(string value, bool allowBreaks)
    {
        output.Indicator("'", needWhitespace: true);
        WriteFolded(value, allowBreaks, quote: '\'');
        output.Indicator("'");
        output.EndScalar();
    }

    private void WriteFolded(string value, bool allowBreaks, char? quote)
    {
        bool spaces = false, breaks = false;
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (c == ' ')
            {
                var inside = i + 1 < value.Length && (quote is null || i > 0);
                if (allowBreaks && !spaces && output.Column > BestWidth && inside && value[i + 1] != ' ')
                    output.Indent();
                else
                    output.Put(c);
                spaces = true;
            }
            else if (IsBreak(c))
            {
                if (!breaks && c == '\n')
                    output.Break();
                output.PutBreak(c);
                breaks = true;
            }
            else
            {
                if (breaks)
                    output.Indent();
                if (c == quote)
                    output.Put(c);
                output.Put(c);
                output.Indention = false;
                spaces = breaks = false;
            }
        }
    }

    private void WriteDoubleQuoted(string value, bool allowBreaks)
    {
        output.Indicator("\"", needWhitespace: true);
        // The library takes a leading byte order mark for one at every position, and escapes the whole string.
        var escapeAll = value.StartsWith(ByteOrderMark);
        var spaces = false;
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (escapeAll || !IsPrintable(c) || IsBreak(c) || c is '"' or '\\')
            {
                Rune.DecodeFromUtf16(value.AsSpan(i), out var rune, out var length);
                output.Put(Escape(rune));
                i += length - 1;
                spaces = false;
            }
            else if (c == ' ' && allowBreaks && !spaces && output.Column > BestWidth && i > 0 && i < value.Length - 1)
            {
                output.Indent();
                if (value[i + 1] == ' ')
                    output.Put('\\');
                spaces = true;
            }
            else
            {
                output.Put(c);
                spaces = c == ' ';
            }
        }

        output.Indicator("\"");
        output.EndScalar();
    }

    private static string Escape(Rune rune) => rune.Value switch
    {
        0x00 => "\\0",
        0x07 => "\\a",
        0x08 => "\\b",
        0x09 => "\\t",
        0x0A => "\\n",
        0x0B => "\\v",
        0x0C => "\\f",
        0x0D => "\\r",
        0x1B => "\\e",
        0x22 => "\\\"",
        0x5C => "\\\\",
        0x85 => "\\N",
        0xA0 => "\\_",
        0x2028 => "\\L",
        0x2029 => "\\P",
        <= 0xFF => string.Create(CultureInfo.InvariantCulture, $"\\x{rune.Value:X2}"),
        <= 0xFFFF => string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}"),
    };

    private void WriteLiteral(string value)
    {
        output.Indicator("|", needWhitespace: true);
        if (value[0] == ' ' || IsBreak(value[0]))
            output.Indicator("2");
        if (!IsBreak(value[^1]))
            output.Indicator("-");
        else if (value.Length == 1 || IsBreak(value[^2]))
            output.Indicator("+");
        output.Break();
        output.Indention = output.Whitespace = true;
        var breaks = true;
        foreach (var c in value)
        {
            if (IsBreak(c))
            {
                output.PutBreak(c);
                breaks = true;
                continue;
            }

            if (breaks)
                output.Indent();
            output.Put(c);
            output.Indention = breaks = false;
        }
    }
}
