using Planton.Cli.Configuration;

namespace Planton.Cli.Contexts;

/// <summary>A context as it is printed.</summary>
internal sealed record ContextView(string Name, string Server, string? Organization, string? Environment, bool Current)
{
    public static ContextView Of(CliConfig config, ConfigContext context) =>
        new(context.Name, config.FindServer(context.Server)?.Url ?? context.Server, context.Organization, context.Environment, context.Name == config.CurrentContextName);
}
