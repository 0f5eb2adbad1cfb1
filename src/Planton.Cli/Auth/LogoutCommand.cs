using Planton.Cli.Configuration;
using Planton.Cli.Invocation;

namespace Planton.Cli.Auth;

/// <summary><c>planton auth logout</c>: forgets the key here. It stays valid at the server.</summary>
internal sealed class LogoutCommand : Verb
{
    public LogoutCommand(VerbServices services)
        : base("logout", "Forget the API key of the current server", services) =>
        Examples = ["planton auth logout", "planton auth logout --server https://planton.example.com"];

    protected override Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken) => Task.FromResult(Run(context));

    private int Run(CommandContext context)
    {
        if (!ConfigFile.TryLoad(context.Home, out var config, out var error))
            return context.Fail(error);
        var url = Settings.Resolve(context.GivenTarget.Server, null, Environment, config).Server;
        var server = url is null ? null : config.FindServerByUrl(url);
        if (server?.ApiKey is null)
        {
            context.Say(url is null ? "Not logged in." : $"Not logged in to {url}.");
            return ExitCode.Ok;
        }

        config.SetServer(server with { ApiKey = null });
        ConfigFile.Save(context.Home, config);
        context.Say($"Forgot the API key of {server.Url}. The key itself stays valid until it is revoked.");
        return ExitCode.Ok;
    }
}
