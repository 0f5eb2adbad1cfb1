using System.Globalization;

namespace Planton.Cli.Data;

/// <summary>
/// Numbers as Kubernetes clients spell them: their JSON, YAML and table formats are those of Go's standard library, which
/// differ from each other and from .NET's in when the exponent is shown and how.
/// </summary>
internal static class GoNumber
{
    /// <summary>From this exponent on %g shows one, when it prints the shortest form that reads back as the same value.</summary>
    private const int ShortestPrecision = 6;

    /// <summary>As Go's <c>encoding/json</c> writes it.</summary>
    public static string ToJson(string raw)
    {
        if (TryInteger(raw, out var integer))
            return integer;
        var value = Parse(raw);
        var (negative, digits, point) = Shortest(value);
        var magnitude = Math.Abs(value);
        return magnitude != 0 && (magnitude < 1e-6 || magnitude >= 1e21)
            ? Exponential(negative, digits, point, minimumExponentDigits: 1)
            : Fixed(negative, digits, point);
    }

    /// <summary>As the YAML library of Kubernetes writes a number that it has read from JSON.</summary>
    public static string ToYaml(string raw)
    {
        var json = ToJson(raw);
        if (!json.AsSpan().ContainsAny('.', 'e')
            && (long.TryParse(json, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
                || ulong.TryParse(json, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            return json;
        return General(json);
    }

    /// <summary>As Go prints a value: integers in full, the rest like <c>%g</c>.</summary>
    public static string ToDisplay(string raw) => TryInteger(raw, out var integer) ? integer : General(raw);

    private static string General(string raw)
    {
        var (negative, digits, point) = Shortest(Parse(raw));
        var exponent = point - 1;
        return exponent is < -4 or >= ShortestPrecision
            ? Exponential(negative, digits, point, minimumExponentDigits: 2)
            : Fixed(negative, digits, point);
    }

    private static double Parse(string raw) => double.Parse(raw, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static bool TryInteger(string raw, out string text)
    {
        var isInteger = long.TryParse(raw, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value);
        text = isInteger ? value.ToString(CultureInfo.InvariantCulture) : "";
        return isInteger;
    }

    /// <summary>The shortest digits that read back as the same value, and where the decimal point stands among them.</summary>
    private static (bool Negative, string Digits, int Point) Shortest(double value)
    {
        var roundTrip = value.ToString("R", CultureInfo.InvariantCulture);
        var negative = roundTrip[0] == '-';
        if (negative)
            roundTrip = roundTrip[1..];
        var exponentAt = roundTrip.IndexOf('E', StringComparison.Ordinal);
        var exponent = exponentAt < 0 ? 0 : int.Parse(roundTrip[(exponentAt + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = exponentAt < 0 ? roundTrip : roundTrip[..exponentAt];
        var pointAt = mantissa.IndexOf('.', StringComparison.Ordinal);
        var whole = pointAt < 0 ? mantissa : mantissa[..pointAt];
        var all = pointAt < 0 ? mantissa : whole + mantissa[(pointAt + 1)..];
        var trimmed = all.TrimStart('0');
        var point = whole.Length + exponent - (all.Length - trimmed.Length);
        trimmed = trimmed.TrimEnd('0');
        return trimmed.Length == 0 ? (negative, "0", 1) : (negative, trimmed, point);
    }

    private static string Fixed(bool negative, string digits, int point)
    {
        var sign = negative ? "-" : "";
        if (point <= 0)
            return $"{sign}0.{new string('0', -point)}{digits}";
        return point >= digits.Length
            ? $"{sign}{digits}{new string('0', point - digits.Length)}"
            : $"{sign}{digits[..point]}.{digits[point..]}";
    }

    private static string Exponential(bool negative, string digits, int point, int minimumExponentDigits)
    {
        var exponent = point - 1;
        var fraction = digits.Length > 1 ? "." + digits[1..] : "";
        var exponentDigits = Math.Abs(exponent).ToString(CultureInfo.InvariantCulture).PadLeft(minimumExponentDigits, '0');
        return $"{(negative ? "-" : "")}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{exponentDigits}";
    }
}
