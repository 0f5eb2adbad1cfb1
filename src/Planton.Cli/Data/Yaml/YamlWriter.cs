using System.Text;

namespace Planton.Cli.Data.Yaml;

/// <summary>
/// Writes a document as the YAML library of Kubernetes does, to the byte: compact sequences, quotes where a YAML 1.1 reader
/// would mistake a string for something else, literal blocks for what has line breaks, folding past column 80.
/// One difference is meant: kubectl passes its JSON through a YAML reader first, which refuses DEL and the C1 controls and
/// turns a next-line character (U+0085) into a space; here they are escaped, and nothing is lost.
/// </summary>
internal sealed class YamlWriter
{
    private const int IndentWidth = 2;

    private readonly YamlTextOutput _output;
    private readonly YamlScalarWriter _scalars;
    private readonly bool _sortKeys;

    /// <param name="text">Where to write.</param>
    /// <param name="sortKeys">Sort as kubectl does, or keep the order of the map.</param>
    public YamlWriter(StringBuilder text, bool sortKeys = true)
    {
        _output = new YamlTextOutput(text);
        _scalars = new YamlScalarWriter(_output);
        _sortKeys = sortKeys;
    }

    public static string ToText(DataNode node, bool sortKeys = true)
    {
        var text = new StringBuilder();
        new YamlWriter(text, sortKeys).Write(node);
        return text.ToString();
    }

    /// <summary>Writes one document, which ends with a line break.</summary>
    public void Write(DataNode document)
    {
        WriteNode(document, mappingValue: false);
        _output.IndentColumn = -1;
        _output.Indent();
    }

    private void WriteNode(DataNode node, bool mappingValue)
    {
        switch (node)
        {
            case DataMap { Entries.Count: 0 }:
                WriteEmpty("{", "}");
                break;
            case DataMap map:
                WriteMap(map);
                break;
            case DataList { Values.Count: 0 }:
                WriteEmpty("[", "]");
                break;
            case DataList list:
                WriteList(list, mappingValue);
                break;
            default:
                WriteScalar(node, simpleKey: false);
                break;
        }
    }

    private void WriteEmpty(string open, string close)
    {
        _output.Indicator(open, needWhitespace: true, isWhitespace: true);
        _output.Indicator(close);
    }

    private void WriteMap(DataMap map)
    {
        var outer = IncreaseIndent();
        IEnumerable<KeyValuePair<string, DataNode>> entries =
            _sortKeys ? map.Entries.OrderBy(entry => entry.Key, YamlKeyComparer.Instance) : map.Entries;
        foreach (var (key, value) in entries)
        {
            _output.Indent();
            if (YamlScalarAnalysis.Of(key).IsSimpleKey(key))
            {
                WriteText(key, simpleKey: true);
                _output.Indicator(":");
            }
            else
            {
                _output.Indicator("?", needWhitespace: true, isIndention: true);
                WriteText(key, simpleKey: false);
                _output.Indent();
                _output.Indicator(":", needWhitespace: true, isIndention: true);
            }

            WriteNode(value, mappingValue: true);
        }

        _output.IndentColumn = outer;
    }

    private void WriteList(DataList list, bool mappingValue)
    {
        // "key:" is followed by its items at the key's own column.
        var compact = mappingValue && !_output.Indention;
        var outer = compact ? _output.IndentColumn : IncreaseIndent();
        foreach (var item in list.Values)
        {
            _output.Indent();
            _output.Indicator("-", needWhitespace: true, isIndention: true);
            WriteNode(item, mappingValue: false);
        }

        _output.IndentColumn = outer;
    }

    private void WriteScalar(DataNode node, bool simpleKey)
    {
        switch (node)
        {
            case DataText text:
                WriteText(text.Value, simpleKey);
                break;
            case DataNumber number:
                WriteStyled(GoNumber.ToYaml(number.Raw), YamlScalarStyle.Plain, simpleKey);
                break;
            case DataBool boolean:
                WriteStyled(boolean.Value ? "true" : "false", YamlScalarStyle.Plain, simpleKey);
                break;
            default:
                WriteStyled("null", YamlScalarStyle.Plain, simpleKey);
                break;
        }
    }

    private void WriteText(string text, bool simpleKey) => WriteStyled(
        text,
        text.Contains('\n', StringComparison.Ordinal) ? YamlScalarStyle.Literal
            : YamlPlainScalar.IsString(text) ? YamlScalarStyle.Plain
            : YamlScalarStyle.DoubleQuoted,
        simpleKey);

    private void WriteStyled(string text, YamlScalarStyle wanted, bool simpleKey)
    {
        var style = YamlScalarAnalysis.Of(text).Select(text, wanted, simpleKey);
        var outer = _output.IndentColumn;
        _output.IndentColumn = outer < 0 ? IndentWidth : outer + IndentWidth;
        _scalars.Write(text, style, allowBreaks: !simpleKey);
        _output.IndentColumn = outer;
    }

    /// <summary>Goes one level deeper, and returns the column to come back to.</summary>
    private int IncreaseIndent()
    {
        var outer = _output.IndentColumn;
        _output.IndentColumn = outer < 0 ? 0 : outer + IndentWidth;
        return outer;
    }
}
