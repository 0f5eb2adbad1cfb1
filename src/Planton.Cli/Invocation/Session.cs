using System.Diagnostics.CodeAnalysis;
using Planton.Api;
using Planton.Api.Client;
using Planton.Cli.Configuration;

namespace Planton.Cli.Invocation;

/// <summary>A way to the control plane, with the caller's key on it.</summary>
internal sealed class Session : IDisposable
{
    private const string LoginHint = "planton auth login --server URL --api-key -";
    private readonly string? _organization;

    private Session(HttpClient http, Uri server, string apiKey, string? organization, string? environmentName)
    {
        Http = http;
        Server = server;
        ApiKey = apiKey;
        _organization = organization;
        EnvironmentName = environmentName;
        Api = new PlantonApiClient(http);
    }

    public HttpClient Http { get; }

    public PlantonApiClient Api { get; }

    public Uri Server { get; }

    public string ApiKey { get; }

    /// <summary>The environment that is meant when a command names none; null for the whole organization.</summary>
    public string? EnvironmentName { get; }

    /// <summary>The organization; only for commands that need one.</summary>
    public string Organization => _organization ?? throw new InvalidOperationException("the command did not ask for an organization");

    public static bool TryOpen(
        Settings settings, bool needsOrganization, [NotNullWhen(true)] out Session? session, [NotNullWhen(false)] out CliError? error)
    {
        session = null;
        if (settings.Server is null)
            error = CliError.Usage("no server is configured", $"Log in: {LoginHint} (or set PLANTON_SERVER and PLANTON_API_KEY).");
        else if (settings.ApiKey is null)
            error = new CliError($"not logged in to {settings.Server}", $"Log in: planton auth login --server {settings.Server} --api-key - (or set PLANTON_API_KEY).", ExitCode.NotAllowed);
        else if (!settings.ApiKey.All(c => c is > ' ' and <= '~'))
            error = CliError.Usage("the API key holds a character that no key has, such as a line break", "Check PLANTON_API_KEY, or log in again: planton auth login.");
        else if (needsOrganization && settings.Organization is null)
            error = CliError.Usage("no organization is chosen", "Choose one: planton context set --org ORG (or --org, PLANTON_ORG). planton org list shows them.");
        else if (needsOrganization && !Slug.IsValid(settings.Organization))
            error = CliError.Usage($"'{settings.Organization}' is not an organization's name", $"A name is {Slug.Rule}. Choose one: planton context set --org ORG (or --org, PLANTON_ORG).");
        else if (ServerConnection.TryCreate(settings.Server, settings.CaCertificates, settings.ApiKey, out var http, out error))
            session = new Session(http, http.BaseAddress!, settings.ApiKey, settings.Organization, settings.EnvironmentName);
        return session is not null;
    }

    public void Dispose() => Http.Dispose();
}
