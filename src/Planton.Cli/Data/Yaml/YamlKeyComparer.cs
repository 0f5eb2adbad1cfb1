using System.Globalization;
using System.Text;

namespace Planton.Cli.Data.Yaml;

/// <summary>
/// The order in which the YAML library of Kubernetes writes keys: letters after everything else, and runs of digits by their
/// value (<c>key9</c> before <c>key10</c>).
/// </summary>
internal sealed class YamlKeyComparer : IComparer<string>
{
    public static YamlKeyComparer Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var a = (x ?? "").EnumerateRunes().ToArray();
        var b = (y ?? "").EnumerateRunes().ToArray();
        for (var i = 0; i < a.Length && i < b.Length; i++)
        {
            if (a[i] != b[i])
                return CompareAt(a, b, i);
        }

        return a.Length.CompareTo(b.Length);
    }

    private static int CompareAt(Rune[] a, Rune[] b, int at)
    {
        var aIsLetter = Rune.IsLetter(a[at]);
        var bIsLetter = Rune.IsLetter(b[at]);
        if (aIsLetter && bIsLetter)
            return a[at].CompareTo(b[at]);
        if (aIsLetter || bIsLetter)
            return bIsLetter ? -1 : 1;

        // A zero inside a number is a digit of it, not the beginning of another one.
        var seed = (IsZero(a[at]) || IsZero(b[at])) && FollowsNonZeroDigit(a, at) ? 1L : 0L;
        var (aEnd, aValue) = ReadNumber(a, at, seed);
        var (bEnd, bValue) = ReadNumber(b, at, seed);
        if (aValue != bValue)
            return aValue.CompareTo(bValue);
        return aEnd != bEnd ? aEnd.CompareTo(bEnd) : a[at].CompareTo(b[at]);
    }

    private static bool IsZero(Rune rune) => rune.Value == '0';

    private static bool FollowsNonZeroDigit(Rune[] text, int at)
    {
        for (var i = at - 1; i >= 0 && IsDigit(text[i]); i--)
        {
            if (!IsZero(text[i]))
                return true;
        }

        return false;
    }

    private static (int End, long Value) ReadNumber(Rune[] text, int at, long seed)
    {
        var value = seed;
        var end = at;
        for (; end < text.Length && IsDigit(text[end]); end++)
            value = unchecked((value * 10) + (text[end].Value - '0'));
        return (end, value);
    }

    private static bool IsDigit(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber;
}
