namespace Planton.Cli.Data.Yaml;

/// <summary>Whether a plain scalar would be read back as a YAML 1.1 timestamp.</summary>
internal static class YamlTimestamp
{
    public static bool IsMatch(string text)
    {
        var at = 0;
        if (!Digits(text, ref at, 4, 4, out var year) || !Literal(text, ref at, '-')
            || !Digits(text, ref at, 1, 2, out var month) || month is < 1 or > 12 || !Literal(text, ref at, '-')
            || !Digits(text, ref at, 1, 2, out var day) || day < 1 || day > DaysIn(year, month))
            return false;
        if (at == text.Length)
            return true;
        var separator = text[at++];
        if (separator is not ('T' or 't' or ' ') || !TimeOfDay(text, ref at))
            return false;
        return separator == ' ' ? at == text.Length : Zone(text, ref at) && at == text.Length;
    }

    private static int DaysIn(int year, int month) => DateTime.DaysInMonth(year == 0 ? 4 : year, month);

    private static bool TimeOfDay(string text, ref int at)
    {
        if (!Digits(text, ref at, 1, 2, out var hour) || hour > 23 || !Literal(text, ref at, ':')
            || !Digits(text, ref at, 1, 2, out var minute) || minute > 59 || !Literal(text, ref at, ':')
            || !Digits(text, ref at, 1, 2, out var second) || second > 59)
            return false;
        if (at + 1 < text.Length && text[at] is '.' or ',' && char.IsAsciiDigit(text[at + 1]))
        {
            at++;
            return Digits(text, ref at, 1, 9, out _);
        }

        return true;
    }

    private static bool Zone(string text, ref int at)
    {
        if (Literal(text, ref at, 'Z'))
            return true;
        return (Literal(text, ref at, '+') || Literal(text, ref at, '-'))
            && Digits(text, ref at, 2, 2, out var hours) && hours <= 24
            && Literal(text, ref at, ':')
            && Digits(text, ref at, 2, 2, out var minutes) && minutes < 60;
    }

    private static bool Literal(string text, ref int at, char expected)
    {
        if (at >= text.Length || text[at] != expected)
            return false;
        at++;
        return true;
    }

    private static bool Digits(string text, ref int at, int minimum, int maximum, out int value)
    {
        var start = at;
        value = 0;
        while (at < text.Length && at - start < maximum && char.IsAsciiDigit(text[at]))
            value = (value * 10) + (text[at++] - '0');
        return at - start >= minimum;
    }
}
