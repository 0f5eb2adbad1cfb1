using Planton.Api;
using Planton.Cli.Data;

namespace Planton.Cli.Kubectl.Printing;

/// <summary>A cell's text, as kubectl shows it.</summary>
internal static class CellText
{
    private static readonly char[] Breaks = ['\f', '\n', '\r'];

    /// <summary>Only its first line, and nothing that a terminal would obey.</summary>
    public static string Of(DataNode? cell)
    {
        if (cell is null)
            return "";
        var text = Display(cell);
        var breakAt = cell is DataText ? text.IndexOfAny(Breaks) : -1;
        return breakAt < 0 ? Escape(text) : Escape(text[..breakAt]) + "...";
    }

    public static string Display(DataNode node) => node switch
    {
        DataText text => text.Value,
        DataNumber number => GoNumber.ToDisplay(number.Raw),
        DataBool boolean => boolean.Value ? "true" : "false",
        DataList list => $"[{string.Join(' ', list.Values.Select(Display))}]",
        DataMap map => $"map[{string.Join(' ', map.Entries.OrderBy(entry => entry.Key, CodePointComparer.Instance).Select(entry => $"{entry.Key}:{Display(entry.Value)}"))}]",
        _ => "<nil>",
    };

    /// <summary>Without what a terminal would obey. kubectl's own two escapes are as it writes them, and a tab ends a cell there too.</summary>
    public static string Escape(string text)
    {
        text = text.Replace("\u001b", "^[", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal);
        return text.Contains('\t', StringComparison.Ordinal) ? string.Join('\t', text.Split('\t').Select(SafeText.OneLine)) : SafeText.OneLine(text);
    }
}
