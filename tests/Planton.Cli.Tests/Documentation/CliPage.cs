using System.Text;

namespace Planton.Cli.Tests.Documentation;

/// <summary>
/// <c>docs/reference/cli.md</c>: what is written by hand down to the mark, then each command with its literal help. Paragraphs
/// below a command's help are by hand too, and stay when the page is made anew.
/// </summary>
internal static class CliPage
{
    public const string Mark = "<!-- Below: made from the program's help, see CONTRIBUTING.md. -->";

    private const string Fence = "```";

    /// <summary>The page as it should be, with what is written by hand in <paramref name="page"/>.</summary>
    public static string Make(string page, IEnumerable<CommandHelp> commands)
    {
        var at = page.IndexOf(Mark, StringComparison.Ordinal);
        Assert.True(at >= 0, $"the page has no line {Mark}");
        var notes = ReadNotes(page[(at + Mark.Length)..]);
        var text = new StringBuilder(page[..at]).Append(Mark).Append('\n');
        foreach (var command in commands)
        {
            var level = command.Path.Count(c => c == ' ') == 1 ? "##" : "###";
            text.Append('\n').Append(level).Append(' ').Append(command.Path).Append("\n\n").Append(command.Description.TrimEnd('.')).Append(".\n");
            if (command.Text is not null)
                text.Append('\n').Append(Fence).Append('\n').Append(command.Text).Append('\n').Append(Fence).Append('\n');
            if (notes.TryGetValue(command.Path, out var note))
                text.Append('\n').Append(note).Append('\n');
        }

        return text.ToString();
    }

    private static Dictionary<string, string> ReadNotes(string made)
    {
        var notes = new Dictionary<string, string>();
        foreach (var section in ("\n" + made).ReplaceLineEndings("\n").Split("\n## ").SelectMany(part => part.Split("\n### ")).Skip(1))
        {
            var end = section.LastIndexOf($"\n{Fence}\n", StringComparison.Ordinal);
            if (end >= 0 && section[(end + Fence.Length + 2)..].Trim('\n') is { Length: > 0 } note)
                notes[section[..section.IndexOf('\n', StringComparison.Ordinal)]] = note;
        }

        return notes;
    }
}
