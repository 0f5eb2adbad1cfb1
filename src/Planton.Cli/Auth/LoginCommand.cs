using System.CommandLine;
using Planton.Api;
using Planton.Api.Client;
using Planton.Api.Identity;
using Planton.Cli.Configuration;
using Planton.Cli.Invocation;

namespace Planton.Cli.Auth;

/// <summary><c>planton auth login</c>: checks an API key with the server, and keeps it.</summary>
internal sealed class LoginCommand : Verb
{
    private readonly ILoginMethod _method;

    private readonly Option<string?> _caFile = new("--ca-file")
    {
        Description = "PEM file of the server's certificate authority, when it is a private one; kept in the configuration",
        HelpName = "FILE",
    };

    public LoginCommand(VerbServices services, ILoginMethod method)
        : base("login", "Log in to a control plane with an API key; each server keeps its own", services)
    {
        _method = method;
        method.AddTo(this);
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
        if (!ServerConnection.TryParse(settings.Server, out var server, out error))
            return context.Fail(error);

        var authorities = settings.CaCertificates;
        if (context.Parsed.GetValue(_caFile) is { } caFile)
        {
            authorities = await File.ReadAllTextAsync(caFile, cancellationToken).ConfigureAwait(false);
            if (!ServerConnection.TryReadAuthorities(authorities, out _, out error))
                return context.Fail(error);
        }

        var login = await _method.GetKeyAsync(context, server, cancellationToken).ConfigureAwait(false);
        if (login.Key is not { } key)
            return context.Fail(login.Error!);
        if (!ServerConnection.TryCreate(settings.Server, authorities, key, out var http, out error))
            return context.Fail(error);
        using (http)
        {
            Services.LastServer = server;
            WarnAboutPlainHttp(context, server);
            var caller = await new PlantonApiClient(http).GetCallerAsync(cancellationToken).ConfigureAwait(false);
            string? organization = null;
            error = await ConfigFile.ChangeAsync(
                context,
                stored =>
                {
                    organization = Store(context, stored, server, key, authorities, caller);
                    return true;
                },
                cancellationToken).ConfigureAwait(false);
            if (error is not null)
                return context.Fail(error);
            Tell(context, server, key, caller, organization);
        }

        return ExitCode.Ok;
    }

    private static void WarnAboutPlainHttp(CommandContext context, Uri server)
    {
        if (server.Scheme == Uri.UriSchemeHttp && !server.IsLoopback)
            context.Say($"Warning: {server} is not encrypted; whoever is on the way can read the API key.");
    }

    private static string? Store(CommandContext context, CliConfig config, Uri server, string key, string? authorities, Caller caller)
    {
        var url = server.AbsoluteUri.TrimEnd('/');
        var name = config.FindServerByUrl(url)?.Name ?? server.Authority;
        config.SetServer(new ConfigServer(name, url) { ApiKey = key, CaCertificates = authorities });

        var known = config.Contexts.FirstOrDefault(existing => existing.Server == name);
        var organization = context.GivenTarget.Organization ?? Organization(known?.Organization, caller);
        var contextName = known?.Name ?? name;
        config.SetContext(new ConfigContext(contextName, name, organization) { Environment = organization == known?.Organization ? known?.Environment : null });
        config.SetCurrentContext(contextName);
        return organization;
    }

    private static void Tell(CommandContext context, Uri server, string key, Caller caller, string? organization)
    {
        context.Say($"Logged in to {server.AbsoluteUri.TrimEnd('/')} as {caller.Name}.");
        context.Say(organization is null
            ? "Choose an organization: planton context set --org ORG (planton org list shows them)."
            : $"Organization: {organization}");
        if (organization is not null && !IsMember(caller, organization))
            context.Say($"Warning: {caller.Name} is not a member of organization {organization}.");
        if (context.Environment.NonEmptyVariable("PLANTON_API_KEY") is { } variable && variable != key)
            context.Say("Warning: PLANTON_API_KEY holds another key, and goes before the one that was kept now.");
    }

    /// <summary>The one that was worked in before, if the caller still belongs to it; else the only one there is.</summary>
    private static string? Organization(string? known, Caller caller)
    {
        if (known is not null && IsMember(caller, known))
            return known;
        // What a server says its name is may be anything.
        return caller.Organizations is [var only] && Slug.IsValid(only.Name) ? only.Name : null;
    }

    private static bool IsMember(Caller caller, string organization) =>
        (caller.Organizations ?? []).Any(membership => membership.Name == organization);
}
