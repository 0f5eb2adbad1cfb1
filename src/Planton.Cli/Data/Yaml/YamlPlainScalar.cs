using System.Globalization;

namespace Planton.Cli.Data.Yaml;

/// <summary>
/// What a YAML 1.1 reader makes of an unquoted scalar. A string that would come back as anything else is written in quotes.
/// </summary>
internal static class YamlPlainScalar
{
    private static readonly HashSet<string> Words =
    [
        "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON",
        "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF",
        "", "~", "null", "Null", "NULL",
        ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF",
    ];

    /// <summary>Whether the text, unquoted, is still that text to a reader.</summary>
    public static bool IsString(string text) => !Words.Contains(text) && !IsNumeric(text) && !IsBase60(text);

    private static bool IsNumeric(string text)
    {
        switch (text[0])
        {
            case '.':
                return UnderscoresSeparateDigits(text) && IsDecimal(text.Replace("_", "", StringComparison.Ordinal));
            case '+' or '-' or (>= '0' and <= '9'):
                var plain = text.Replace("_", "", StringComparison.Ordinal);
                return YamlTimestamp.IsMatch(text) || IsInteger(plain) || IsDecimal(plain);
            default:
                return false;
        }
    }

    /// <summary>After a point, unlike after a digit, kubectl's reader takes an underscore only where Go's own syntax has one.</summary>
    private static bool UnderscoresSeparateDigits(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '_' && !(char.IsAsciiDigit(text[at - 1]) && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])))
                return false;
        }

        return true;
    }

    private static bool IsInteger(string text)
    {
        var signed = text.Length > 0 && text[0] is '+' or '-';
        var digits = signed ? text.AsSpan(1) : text;
        if (digits.IsEmpty)
            return false;
        var (radix, skip) = Radix(digits);
        digits = digits[skip..];
        if (digits.IsEmpty)
            return skip == 1;
        var value = UInt128.Zero;
        foreach (var c in digits)
        {
            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : int.MaxValue;
            if (digit >= radix)
                return false;
            value = (value * (uint)radix) + (uint)digit;
            if (value > ulong.MaxValue)
                return false;
        }

        return !signed || value <= (text[0] == '-' ? 1UL << 63 : long.MaxValue);
    }

    private static (int Radix, int Skip) Radix(ReadOnlySpan<char> digits) => digits switch
    {
        ['0', 'x' or 'X', ..] => (16, 2),
        ['0', 'b' or 'B', ..] => (2, 2),
        ['0', 'o' or 'O', ..] => (8, 2),
        ['0', ..] => (8, 1),
        _ => (10, 0),
    };

    private static bool IsDecimal(string text)
    {
        var at = text.Length > 0 && text[0] is '+' or '-' ? 1 : 0;
        var whole = CountDigits(text, ref at);
        var fraction = 0;
        if (at < text.Length && text[at] == '.')
        {
            at++;
            fraction = CountDigits(text, ref at);
        }

        if (whole + fraction == 0)
            return false;
        if (at < text.Length && text[at] is 'e' or 'E')
        {
            at++;
            if (at < text.Length && text[at] is '+' or '-')
                at++;
            if (CountDigits(text, ref at) == 0)
                return false;
        }

        // A value out of range is no number to the reader either.
        return at == text.Length && double.IsFinite(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture));
    }

    /// <summary>12:30:45 is a number in YAML 1.1. Nobody means it, but other readers follow that.</summary>
    private static bool IsBase60(string text)
    {
        var at = text[0] is '+' or '-' ? 1 : 0;
        if (at >= text.Length || !char.IsAsciiDigit(text[at]))
            return false;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '_'))
            at++;
        var groups = 0;
        while (at < text.Length && text[at] == ':')
        {
            at++;
            var start = at;
            var digits = CountDigits(text, ref at, limit: 2);
            if (digits == 0 || (digits == 2 && text[start] > '5'))
                return false;
            groups++;
        }

        if (at < text.Length && text[at] == '.')
        {
            at++;
            while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '_'))
                at++;
        }

        return groups > 0 && at == text.Length;
    }

    private static int CountDigits(string text, ref int at, int limit = int.MaxValue)
    {
        var start = at;
        while (at < text.Length && at - start < limit && char.IsAsciiDigit(text[at]))
            at++;
        return at - start;
    }
}
