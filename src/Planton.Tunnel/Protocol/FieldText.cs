using System.Buffers;

namespace Planton.Tunnel.Protocol;

/// <summary>Which texts every hop of a tunnel can carry in a field (header or trailer): those of RFC 9110, section 5, without obs-text.</summary>
public static class FieldText
{
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~");

    // Visible ASCII, space and tab.
    private static readonly SearchValues<char> ValueCharacters =
        SearchValues.Create("\t" + string.Concat(Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code)));

    /// <summary>Whether it can be the name of a field.</summary>
    public static bool IsName(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(TokenCharacters);

    /// <summary>Whether it can be the value of a field: visible ASCII, spaces and tabs.</summary>
    public static bool IsValue(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(ValueCharacters);
}
