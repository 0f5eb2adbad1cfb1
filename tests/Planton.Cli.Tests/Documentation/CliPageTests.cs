using Planton.Cli.Tests.Support;
using Planton.Testing;

namespace Planton.Cli.Tests.Documentation;

public sealed class CliPageTests : IDisposable
{
    /// <summary>Set to 1, the page is made anew instead of compared.</summary>
    private const string UpdateVariable = "PLANTON_UPDATE_DOCS";

    private static readonly CommandHelp Sample = new("planton runner get", "Show a runner", "Usage:\n  planton runner get <NAME> [options]");
    private readonly CliHarness _cli = new();

    [Fact]
    public async Task ThePageHoldsEachCommandsLiteralHelp()
    {
        var file = Path.Combine(RepositoryTree.Root, "docs", "reference", "cli.md");
        var page = (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n");
        var made = CliPage.Make(page, await CommandHelp.ReadAllAsync(_cli));

        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
            await File.WriteAllTextAsync(file, made, TestContext.Current.CancellationToken);
        else
            Assert.True(made == page, $"docs/reference/cli.md is not what the program prints. {Difference(page, made)}. Make it anew: {UpdateVariable}=1, and this test again.");
    }

    [Fact]
    public async Task ThePageTellsTheGlobalOptionsAsTheHelpDoes()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(RepositoryTree.Root, "docs", "reference", "cli.md"), TestContext.Current.CancellationToken);
        var help = (await _cli.RunAsync("--help")).Out.Split('\n').SkipWhile(line => line != "Options:").TakeWhile(line => line.Length > 0).ToArray();

        Assert.True(help.Length > 4, "the help has no options");
        Assert.Contains(string.Join('\n', help), page.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsWrittenByHandStays_AndWhatTheProgramDoesNotHaveGoes()
    {
        var page = $"""
            # planton

            By hand.

            {CliPage.Mark}

            ### planton runner get

            Show old things.

            ```
            Usage:
              planton runner get
            ```

            A note.

            ### planton runner vanish

            ```
            Usage:
            ```

            """;

        var made = CliPage.Make(page.ReplaceLineEndings("\n"), [Sample]);

        Assert.Equal(
            $"# planton\n\nBy hand.\n\n{CliPage.Mark}\n\n### planton runner get\n\nShow a runner.\n\n```\nUsage:\n  planton runner get <NAME> [options]\n```\n\nA note.\n",
            made);
        Assert.Equal(made, CliPage.Make(made, [Sample]));
    }

    public void Dispose() => _cli.Dispose();

    private static string Difference(string page, string made)
    {
        var (there, wanted) = (page.Split('\n'), made.Split('\n'));
        var line = there.Zip(wanted).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"Line {line + 1} is '{there.ElementAtOrDefault(line)}' and should be '{wanted.ElementAtOrDefault(line)}'";
    }
}
