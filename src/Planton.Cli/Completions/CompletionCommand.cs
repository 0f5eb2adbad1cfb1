using System.CommandLine;
using Planton.Cli.Invocation;

namespace Planton.Cli.Completions;

/// <summary><c>planton completion</c>: prints a script that asks this program for completions as the user types.</summary>
internal sealed class CompletionCommand : Verb
{
    private readonly Argument<string> _shell = new Argument<string>("SHELL") { Description = "bash, zsh, fish or pwsh" }
        .AcceptOnlyFromAmong("bash", "zsh", "fish", "pwsh");

    public CompletionCommand(VerbServices services)
        : base("completion", "Print a completion script for a shell", services)
    {
        Arguments.Add(_shell);
        Examples =
        [
            "source <(planton completion bash)",
            "planton completion zsh > \"${fpath[1]}/_planton\"",
            "planton completion fish > ~/.config/fish/completions/planton.fish",
            "planton completion pwsh | Out-String | Invoke-Expression",
        ];
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await context.Console.Out.WriteAsync(CompletionScript.For(context.Parsed.GetRequiredValue(_shell))).ConfigureAwait(false);
        return ExitCode.Ok;
    }
}
