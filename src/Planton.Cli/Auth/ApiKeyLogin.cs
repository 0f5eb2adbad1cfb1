using System.CommandLine;
using Planton.Cli.Hosting;
using Planton.Cli.Invocation;

namespace Planton.Cli.Auth;

/// <summary>Takes a key that somebody has: from the flag, standard input, <c>PLANTON_API_KEY</c>, or typed unseen.</summary>
internal sealed class ApiKeyLogin : ILoginMethod
{
    private const string KeyPrefix = "pck_";

    private readonly Option<string?> _option = new("--api-key")
    {
        Description = "The API key; '-' reads it from standard input. Given here in full it lands in the shell's history",
        HelpName = "KEY",
    };

    public void AddTo(Command command) => command.Options.Add(_option);

    public async Task<LoginKey> GetKeyAsync(CommandContext context, Uri server, CancellationToken cancellationToken)
    {
        var given = context.Parsed.GetValue(_option);
        if (given == "-")
        {
            if (context.Verbose)
                context.Say("Reading the API key from standard input.");
            given = await context.Console.In.ReadLineAsync(cancellationToken).ConfigureAwait(false) ?? "";
        }

        given ??= context.Environment.NonEmptyVariable("PLANTON_API_KEY");
        if (given is null)
        {
            if (!context.Console.IsInteractive)
                return new(null, CliError.Usage("no API key is given, and logging in through a browser is not available yet", "Pass the key on standard input: planton auth login --api-key - < key-file"));
            given = ReadHidden(context.Console);
        }

        given = given?.Trim();
        return given is not null && given.StartsWith(KeyPrefix, StringComparison.Ordinal) && given.All(c => c is > ' ' and <= '~')
            ? new(given, null)
            : new(null, CliError.Usage($"that is not an API key: one begins with {KeyPrefix}", "Make one with planton api-key create or planton service-account key create, or take the administrator's from the server's initial-admin-key file."));
    }

    private static string? ReadHidden(CliConsole console)
    {
        console.Error.Write("API key (not shown): ");
        var key = console.ReadHidden();
        console.Error.WriteLine();
        return key;
    }
}
