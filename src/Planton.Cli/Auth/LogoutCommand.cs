using Planton.Cli.Configuration;
using Planton.Cli.Invocation;

namespace Planton.Cli.Auth;

/// <summary><c>planton auth logout</c>: forgets the key here. It stays valid at the server.</summary>
internal sealed class LogoutCommand : Verb
{
    public LogoutCommand(VerbServices services)
        : base("logout", "Forget the API key of the current server", services) =>
        Examples = ["planton auth logout", "planton auth logout --server https://planton.example.com"];

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        string? url = null;
        ConfigServer? forgotten = null;
        // Where there is no configuration, none is made.
        var error = !File.Exists(context.Home.ConfigFile) ? null : await ConfigFile.ChangeAsync(
            context,
            config =>
            {
                url = Settings.Resolve(context.GivenTarget.Server, null, Environment, config).Server;
                forgotten = url is null ? null : config.FindServerByUrl(url);
                if (forgotten?.ApiKey is null)
                    return false;
                config.SetServer(forgotten with { ApiKey = null });
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        if (error is not null)
            return context.Fail(error);
        url ??= Settings.Resolve(context.GivenTarget.Server, null, Environment, CliConfig.Empty()).Server;
        context.Say(forgotten?.ApiKey is not null ? $"Forgot the API key of {forgotten.Url}. The key itself stays valid until it is revoked."
            : url is null ? "Not logged in."
            : $"Not logged in to {url}.");
        return ExitCode.Ok;
    }
}
