using System.Text;

namespace SampleCluster.Exec.Shell;

/// <summary>Cuts a script into words and operators, and takes quotes and variables out of words.</summary>
internal static class ShellWords
{
    private static readonly string[] Operators = ["&&", "||", ";", "|", "\n"];

    /// <summary>Raw words (quotes still in them) and operators, in order; null when a quote is not closed.</summary>
    public static List<string>? Split(string script)
    {
        var tokens = new List<string>();
        var word = new StringBuilder();
        for (var at = 0; at < script.Length; at++)
        {
            var c = script[at];
            if (c is '\'' or '"')
            {
                var close = Close(script, at);
                if (close < 0)
                    return null;
                word.Append(script, at, close - at + 1);
                at = close;
            }
            else if (c == '\\' && at + 1 < script.Length)
            {
                word.Append(c).Append(script[++at]);
            }
            else if (Operators.FirstOrDefault(o => string.CompareOrdinal(script, at, o, 0, o.Length) == 0) is { } found)
            {
                EndWord();
                tokens.Add(found);
                at += found.Length - 1;
            }
            else if (char.IsWhiteSpace(c))
            {
                EndWord();
            }
            else
            {
                word.Append(c);
            }
        }

        EndWord();
        return tokens;

        void EndWord()
        {
            if (word.Length > 0)
                tokens.Add(word.ToString());
            word.Clear();
        }
    }

    public static bool IsOperator(string token) => Operators.Contains(token);

    /// <summary>The word as a command sees it.</summary>
    public static string Expand(string raw, Func<string, string> variable)
    {
        var text = new StringBuilder();
        var quote = '\0';
        for (var at = 0; at < raw.Length; at++)
        {
            var c = raw[at];
            if (c == quote)
                quote = '\0';
            else if (quote == '\0' && c is '\'' or '"' && quote == '\0')
                quote = c;
            else if (c == '\\' && quote != '\'' && at + 1 < raw.Length)
                text.Append(raw[++at]);
            else if (c == '$' && quote != '\'' && at + 1 < raw.Length)
                at = AppendVariable(raw, at, text, variable);
            else
                text.Append(c);
        }

        return text.ToString();
    }

    private static int AppendVariable(string raw, int dollar, StringBuilder text, Func<string, string> variable)
    {
        var braces = raw[dollar + 1] == '{';
        var from = dollar + (braces ? 2 : 1);
        var to = from;
        if (to < raw.Length && raw[to] == '?')
            to++;
        else
            while (to < raw.Length && (char.IsAsciiLetterOrDigit(raw[to]) || raw[to] == '_'))
                to++;
        if (to == from)
        {
            text.Append('$');
            return dollar;
        }

        text.Append(variable(raw[from..to]));
        return braces ? to : to - 1;
    }

    private static int Close(string script, int open)
    {
        for (var at = open + 1; at < script.Length; at++)
        {
            if (script[at] == '\\' && script[open] == '"')
                at++;
            else if (script[at] == script[open])
                return at;
        }

        return -1;
    }
}
