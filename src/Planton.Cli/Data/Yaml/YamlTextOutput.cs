using System.Text;

namespace Planton.Cli.Data.Yaml;

/// <summary>The emitter's output and where it stands on the line.</summary>
internal sealed class YamlTextOutput(StringBuilder text)
{
    /// <summary>In characters, not in UTF-16 units.</summary>
    public int Column { get; private set; }

    /// <summary>The last thing written was white space.</summary>
    public bool Whitespace { get; set; } = true;

    /// <summary>Only indentation and indicators that take part in it stand on this line.</summary>
    public bool Indention { get; set; } = true;

    /// <summary>The column that <see cref="Indent"/> goes to; negative before the first node.</summary>
    public int IndentColumn { get; set; } = -1;

    public void Put(char c)
    {
        text.Append(c);
        if (!char.IsLowSurrogate(c))
            Column++;
    }

    public void Put(string characters)
    {
        foreach (var c in characters)
            Put(c);
    }

    public void Break()
    {
        text.Append('\n');
        Column = 0;
    }

    public void PutBreak(char c)
    {
        text.Append(c);
        Column = 0;
        Indention = true;
    }

    public void Indent()
    {
        var target = Math.Max(IndentColumn, 0);
        if (!Indention || Column > target || (Column == target && !Whitespace))
            Break();
        while (Column < target)
            Put(' ');
        Whitespace = Indention = true;
    }

    public void Indicator(string indicator, bool needWhitespace = false, bool isWhitespace = false, bool isIndention = false)
    {
        if (needWhitespace && !Whitespace)
            Put(' ');
        Put(indicator);
        Whitespace = isWhitespace;
        Indention = Indention && isIndention;
    }

    public void EndScalar() => Whitespace = Indention = false;
}
