using System.CommandLine;

namespace Planton.Cli.Invocation;

/// <summary>Asks before something is ended for good.</summary>
internal static class Confirmation
{
    public static Option<bool> CreateOption() => new("--yes", "-y") { Description = "Do not ask" };

    /// <summary>Null when it was confirmed; else why nothing is done.</summary>
    public static async Task<CliError?> AskAsync(CommandContext context, bool yes, string question, CancellationToken cancellationToken)
    {
        if (yes)
            return null;
        if (!context.Console.IsInteractive)
            return CliError.Usage("nobody is there to confirm this", "Add --yes.");
        context.Console.Error.Write($"{Output.SafeText.OneLine(question)} [y/N] ");
        var answer = await context.Console.In.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        return answer?.Trim() is "y" or "Y" or "yes" ? null : new CliError("not confirmed: nothing was done");
    }
}
