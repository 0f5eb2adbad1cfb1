using System.CommandLine;
using Planton.Api.Client;
using Planton.Api.Identity;
using Planton.Cli.Configuration;
using Planton.Cli.Invocation;

namespace Planton.Cli.Auth;

/// <summary><c>planton auth login</c>: checks an API key with the server, and keeps it.</summary>
internal sealed class LoginCommand : Verb
{
    private const string KeyPrefix = "pck_";

    private readonly Option<string?> _apiKey = new("--api-key")
    {
        Description = "The API key; '-' reads it from standard input. Given here in full it lands in the shell's history",
        HelpName = "KEY",
    };

    private readonly Option<string?> _caFile = new("--ca-file")
    {
        Description = "PEM file of the server's certificate authority, when it is a private one; kept in the configuration",
        HelpName = "FILE",
    };

    public LoginCommand(VerbServices services)
        : base("login", "Log in to a control plane with an API key", services)
    {
        Options.Add(_apiKey);
        Options.Add(_caFile);
        Examples =
        [
            "planton auth login --server https://planton.example.com",
            "planton auth login --server https://planton.example.com --api-key - < key-file",
        ];
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        if (!ConfigFile.TryLoad(context.Home, out var config, out var error))
            return context.Fail(error);
        var settings = Settings.Resolve(context.GivenTarget.Server, context.GivenTarget.Organization, Environment, config);
        if (settings.Server is null)
            return context.Fail(CliError.Usage("no server is given", "planton auth login --server URL"));

        var authorities = settings.CaCertificates;
        if (context.Parsed.GetValue(_caFile) is { } caFile)
        {
            authorities = await File.ReadAllTextAsync(caFile, cancellationToken).ConfigureAwait(false);
            if (!ServerConnection.TryReadAuthorities(authorities, out _, out error))
                return context.Fail(error);
        }

        var (key, keyError) = await ReadKeyAsync(context, cancellationToken).ConfigureAwait(false);
        if (key is null)
            return context.Fail(keyError!);
        if (!ServerConnection.TryCreate(settings.Server, authorities, key, out var http, out error))
            return context.Fail(error);
        using (http)
        {
            Services.LastServer = http.BaseAddress;
            WarnAboutPlainHttp(context, http.BaseAddress!);
            var caller = await new PlantonApiClient(http).GetCallerAsync(cancellationToken).ConfigureAwait(false);
            Store(context, config, http.BaseAddress!, key, authorities, caller);
        }

        return ExitCode.Ok;
    }

    private async Task<(string? Key, CliError? Error)> ReadKeyAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var given = context.Parsed.GetValue(_apiKey);
        if (given == "-")
        {
            if (context.Verbose)
                context.Say("Reading the API key from standard input.");
            given = await context.Console.In.ReadLineAsync(cancellationToken).ConfigureAwait(false) ?? "";
        }

        given ??= Environment.NonEmptyVariable("PLANTON_API_KEY");
        if (given is null)
        {
            if (!context.Console.IsInteractive)
                return (null, CliError.Usage("no API key is given, and logging in through a browser is not available yet", "Pass the key on standard input: planton auth login --api-key - < key-file"));
            context.Console.Error.Write("API key (not shown): ");
            given = context.Console.ReadHidden();
            context.Console.Error.WriteLine();
        }

        given = given?.Trim();
        return given is not null && given.StartsWith(KeyPrefix, StringComparison.Ordinal) && given.All(c => c is > ' ' and <= '~')
            ? (given, null)
            : (null, CliError.Usage($"that is not an API key: one begins with {KeyPrefix}", "Make one with planton service-account key create, or take the administrator's from the server's initial-admin-key file."));
    }

    private static void WarnAboutPlainHttp(CommandContext context, Uri server)
    {
        if (server.Scheme == Uri.UriSchemeHttp && !server.IsLoopback)
            context.Say($"Warning: {server} is not encrypted; whoever is on the way can read the API key.");
    }

    private static void Store(CommandContext context, CliConfig config, Uri server, string key, string? authorities, Caller caller)
    {
        var url = server.AbsoluteUri.TrimEnd('/');
        var name = config.FindServerByUrl(url)?.Name ?? server.Authority;
        config.SetServer(new ConfigServer(name, url) { ApiKey = key, CaCertificates = authorities });

        var known = config.Contexts.FirstOrDefault(existing => existing.Server == name);
        var organization = context.GivenTarget.Organization ?? known?.Organization;
        if (organization is null && caller.Organizations is [var only])
            organization = only.Name;
        var contextName = known?.Name ?? name;
        config.SetContext(new ConfigContext(contextName, name, organization) { Environment = organization == known?.Organization ? known?.Environment : null });
        config.SetCurrentContext(contextName);
        ConfigFile.Save(context.Home, config);

        context.Say($"Logged in to {url} as {caller.Name}.");
        context.Say(organization is null
            ? "Choose an organization: planton context set --org ORG (planton org list shows them)."
            : $"Organization: {organization}");
    }
}
