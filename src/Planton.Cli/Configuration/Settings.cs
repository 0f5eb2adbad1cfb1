using Planton.Cli.Hosting;

namespace Planton.Cli.Configuration;

/// <summary>Which server, organization and key a command uses: flag, then environment, then current context.</summary>
/// <param name="Server">The control plane's URL.</param>
/// <param name="Organization">The organization's name.</param>
/// <param name="ApiKey">The caller's key.</param>
/// <param name="CaCertificates">PEM, for a private certificate authority.</param>
internal sealed record Settings(string? Server, string? Organization, string? ApiKey, string? CaCertificates)
{
    /// <summary>The environment's name, from <c>PLANTON_ENV</c> or the context.</summary>
    public string? EnvironmentName { get; init; }

    /// <summary>Where <see cref="ApiKey"/> comes from, in words; null when there is none.</summary>
    public string? ApiKeySource { get; init; }

    public static Settings Resolve(string? server, string? organization, CliEnvironment environment, CliConfig config)
    {
        server ??= environment.NonEmptyVariable("PLANTON_SERVER");
        var context = config.CurrentContext;
        var url = server ?? (context is null ? null : config.FindServer(context.Server)?.Url);
        var entry = url is null ? null : config.FindServerByUrl(url);
        // The context's organization belongs to the context's server.
        var contextApplies = context is not null && entry is not null && context.Server == entry.Name;
        var contextOrganization = contextApplies ? context!.Organization : null;
        organization ??= environment.NonEmptyVariable("PLANTON_ORG") ?? contextOrganization;
        var given = environment.NonEmptyVariable("PLANTON_API_KEY");
        return new Settings(
            url,
            organization,
            // A stored key goes to the server that it was given for, and to no other.
            given ?? entry?.ApiKey,
            entry?.CaCertificates)
        {
            ApiKeySource = given is not null ? "PLANTON_API_KEY" : entry?.ApiKey is null ? null : $"the configuration, stored for {entry.Url}",
            // The context's environment belongs to the context's organization.
            EnvironmentName = environment.NonEmptyVariable("PLANTON_ENV")
                ?? (contextOrganization is not null && organization == contextOrganization ? context!.Environment : null),
        };
    }

    /// <summary>The key must not be printed by accident, and a record prints its members.</summary>
    public override string ToString() => $"{Server} {Organization}";
}
