using System.CommandLine;
using Planton.Api;

namespace Planton.Cli.Invocation;

/// <summary>Asks before something is ended for good.</summary>
internal static class Confirmation
{
    public static Option<bool> CreateOption() => new("--yes", "-y") { Description = "Do not ask" };

    /// <summary>Null when it was confirmed; else why nothing is done.</summary>
    /// <param name="context">Where to ask.</param>
    /// <param name="yes">It is confirmed already.</param>
    /// <param name="lost">What is lost, said before the question.</param>
    /// <param name="question">To be answered with yes or no.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static Task<CliError?> AskAsync(CommandContext context, bool yes, string lost, string question, CancellationToken cancellationToken) =>
        AskAsync(context, yes, _ => Task.FromResult(lost), question, cancellationToken);

    /// <inheritdoc cref="AskAsync(CommandContext, bool, string, string, CancellationToken)"/>
    /// <remarks>What is lost is found out only when somebody is there to read it.</remarks>
    public static async Task<CliError?> AskAsync(
        CommandContext context, bool yes, Func<CancellationToken, Task<string>> lost, string question, CancellationToken cancellationToken)
    {
        if (yes)
            return null;
        if (!context.Console.IsInteractive)
            return CliError.Usage("nobody is there to confirm this", "Add --yes.");
        if (await lost(cancellationToken).ConfigureAwait(false) is { Length: > 0 } summary)
            context.Say(summary);
        context.Console.Error.Write($"{SafeText.OneLine(question)} [y/N] ");
        var answer = await context.Console.In.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        return answer?.Trim() is "y" or "Y" or "yes" ? null : new CliError("not confirmed: nothing was done");
    }
}
