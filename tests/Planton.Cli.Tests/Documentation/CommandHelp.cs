using System.CommandLine;
using Planton.Cli.Invocation;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Documentation;

/// <summary>A command as the page shows it.</summary>
/// <param name="Path">As it is typed: <c>planton runner get</c>.</param>
/// <param name="Description">What it does.</param>
/// <param name="Text">Its help without the description and the global options; null for a group of commands.</param>
internal sealed record CommandHelp(string Path, string Description, string? Text)
{
    private const string Indent = "  ";

    /// <summary>Top-level groups and all verbs, in the order of the help.</summary>
    public static async Task<IReadOnlyList<CommandHelp>> ReadAllAsync(CliHarness cli)
    {
        var root = new CliApplication(cli.Environment(TextWriter.Null, TextWriter.Null)).Parse([]).RootCommandResult.Command;
        var all = new List<CommandHelp>();
        foreach (var command in root.Subcommands)
            await AddAsync(cli, root, command, [], all);
        return all;
    }

    private static async Task AddAsync(CliHarness cli, Command root, Command command, IReadOnlyList<string> parents, List<CommandHelp> all)
    {
        IReadOnlyList<string> path = [.. parents, command.Name];
        if (command is Verb)
            all.Add(new CommandHelp(Name(path), command.Description!, await ReadAsync(cli, root, path)));
        else if (parents.Count == 0)
            all.Add(new CommandHelp(Name(path), command.Description!, null));
        foreach (var child in command.Subcommands)
            await AddAsync(cli, root, child, path, all);
    }

    private static string Name(IEnumerable<string> path) => $"planton {string.Join(' ', path)}";

    private static async Task<string> ReadAsync(CliHarness cli, Command root, IReadOnlyList<string> path)
    {
        var help = await cli.RunAsync([.. path, "--help"]);
        Assert.Equal(0, help.ExitCode);
        // These are the same for every command, and are on the page once.
        var global = root.Options.Where(option => option.Recursive).Select(option => $"{Indent}{option.Name} ").Append($"{Indent}-?, -h, --help ").ToArray();
        // The library takes the running program's name, which here is the tests'.
        var lines = help.Out.ReplaceLineEndings("\n").Replace($"{Indent}{RootCommand.ExecutableName} ", $"{Indent}planton ", StringComparison.Ordinal).Split('\n')
            .SkipWhile(line => line != "Usage:")
            .Where(line => !global.Any(option => line.StartsWith(option, StringComparison.Ordinal)));
        return string.Join('\n', lines).Replace("Options:\n\n", "", StringComparison.Ordinal).Trim('\n');
    }
}
