namespace Planton.Cli.Data;

/// <summary>
/// Orders strings by code point, as comparing their UTF-8 bytes does. An ordinal comparison of UTF-16 puts what lies beyond
/// the basic plane before U+E000.
/// </summary>
internal sealed class CodePointComparer : IComparer<string>
{
    public static CodePointComparer Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
            return string.CompareOrdinal(x, y);
        var length = Math.Min(x.Length, y.Length);
        for (var i = 0; i < length; i++)
        {
            var (a, b) = (x[i], y[i]);
            if (a == b)
                continue;
            return char.IsSurrogate(a) != char.IsSurrogate(b)
                ? char.IsSurrogate(a) ? 1 : -1
                : a - b;
        }

        return x.Length - y.Length;
    }
}
