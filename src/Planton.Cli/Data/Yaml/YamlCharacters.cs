namespace Planton.Cli.Data.Yaml;

/// <summary>
/// The character classes of the emitter. They are those of libyaml's Go port, which are narrower than YAML's own, and narrower than
/// that by what reorders or breaks lines on a terminal.
/// </summary>
internal static class YamlCharacters
{
    public const char NextLine = '\u0085';
    public const char ByteOrderMark = '\uFEFF';

    public static bool IsBreak(char c) => c is '\r' or '\n' or NextLine or '\u2028' or '\u2029';

    public static bool IsBlank(char c) => c is ' ' or '\t';

    /// <summary>Anything beyond the basic plane counts as unprintable, and so do tabs.</summary>
    public static bool IsPrintable(char c) => c is '\n'
        or (>= ' ' and <= '~')
        or (>= '\u00A0' and <= '\uD7FF' and not ('\u061C' or '\u200E' or '\u200F' or (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069')))
        or (>= '\uE000' and <= '\uFFFD' and not ByteOrderMark);
}
