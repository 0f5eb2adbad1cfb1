using System.Text.RegularExpressions;

namespace Planton.EndToEnd.Tests.KubectlGet;

/// <summary>Two programs that start one after the other see objects a second older: ages are masked, column by column.</summary>
internal static partial class Ages
{
    /// <summary>Puts <c>#</c> for each character of an age such as <c>87s</c> or <c>3m21s</c> that stands alone or in brackets.</summary>
    public static string Mask(string table) => Age().Replace(table, match => new string('#', match.Length));

    [GeneratedRegex(@"(?<=[\s(])\d+[smhdy](\d+[smhd])?(?=[\s)]|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Age();
}
