using Planton.Cli.Configuration;

namespace Planton.Cli.Contexts;

/// <summary>A context as it is printed.</summary>
internal sealed record ContextView(string Name, string Server, string? Organization, string? Environment, bool Current, bool LoggedIn)
{
    public static ContextView Of(CliConfig config, ConfigContext context)
    {
        var server = config.FindServer(context.Server);
        return new ContextView(
            context.Name,
            server?.Url ?? context.Server,
            context.Organization,
            context.Environment,
            context.Name == config.CurrentContextName,
            server?.ApiKey is not null);
    }
}
