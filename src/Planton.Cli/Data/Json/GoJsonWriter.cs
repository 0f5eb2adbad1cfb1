using System.Globalization;
using System.Text;

namespace Planton.Cli.Data.Json;

/// <summary>
/// Writes JSON exactly as kubectl does: four spaces, members sorted, and what Go escapes in case the text lands in HTML.
/// </summary>
internal sealed class GoJsonWriter(StringBuilder output)
{
    private const int IndentWidth = 4;

    public void Write(DataNode node) => Write(node, 0, indented: true);

    /// <summary>Writes the value on one line.</summary>
    public void WriteCompact(DataNode node) => Write(node, 0, indented: false);

    private void Write(DataNode node, int depth, bool indented)
    {
        switch (node)
        {
            case DataMap map:
                WriteMap(map, depth, indented);
                break;
            case DataList list:
                WriteList(list, depth, indented);
                break;
            case DataText text:
                WriteText(text.Value);
                break;
            case DataNumber number:
                output.Append(GoNumber.ToJson(number.Raw));
                break;
            case DataBool boolean:
                output.Append(boolean.Value ? "true" : "false");
                break;
            default:
                output.Append("null");
                break;
        }
    }

    private void WriteMap(DataMap map, int depth, bool indented)
    {
        output.Append('{');
        var first = true;
        foreach (var (key, value) in map.Entries.OrderBy(entry => entry.Key, CodePointComparer.Instance))
        {
            Separate(ref first, depth, indented);
            WriteText(key);
            output.Append(indented ? ": " : ":");
            Write(value, depth + 1, indented);
        }

        Close('}', empty: first, depth, indented);
    }

    private void WriteList(DataList list, int depth, bool indented)
    {
        output.Append('[');
        var first = true;
        foreach (var value in list.Values)
        {
            Separate(ref first, depth, indented);
            Write(value, depth + 1, indented);
        }

        Close(']', empty: first, depth, indented);
    }

    private void Separate(ref bool first, int depth, bool indented)
    {
        if (!first)
            output.Append(',');
        first = false;
        if (indented)
            output.Append('\n').Append(' ', (depth + 1) * IndentWidth);
    }

    private void Close(char bracket, bool empty, int depth, bool indented)
    {
        if (!empty && indented)
            output.Append('\n').Append(' ', depth * IndentWidth);
        output.Append(bracket);
    }

    private void WriteText(string text)
    {
        output.Append('"');
        foreach (var c in text)
        {
            switch (c)
            {
                case '"' or '\\':
                    output.Append('\\').Append(c);
                    break;
                case '\n':
                    output.Append("\\n");
                    break;
                case '\r':
                    output.Append("\\r");
                    break;
                case '\t':
                    output.Append("\\t");
                    break;
                case '\b':
                    output.Append("\\b");
                    break;
                case '\f':
                    output.Append("\\f");
                    break;
                case < ' ' or '<' or '>' or '&' or '\u2028' or '\u2029':
                    output.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
                    break;
                default:
                    output.Append(c);
                    break;
            }
        }

        output.Append('"');
    }
}
