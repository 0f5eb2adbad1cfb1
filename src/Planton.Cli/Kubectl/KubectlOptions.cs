using System.CommandLine;
using Planton.Cli.Completions;
using Planton.Cli.Invocation;

namespace Planton.Cli.Kubectl;

/// <summary>The options of every <c>planton kubectl</c> command.</summary>
internal sealed class KubectlOptions
{
    /// <summary>What stands in a path for the default connection.</summary>
    private const string DefaultConnection = "-";

    public Option<string?> Connection { get; } = NameCompletion.Offer(
        new Option<string?>("--connection")
        {
            Description = "The connection to the cluster (default: the default connection of the environment, else of the organization)",
            HelpName = "CONNECTION",
            Recursive = true,
        },
        NameKind.Connection);

    public Option<string?> EnvironmentName { get; } = NameCompletion.Offer(
        new Option<string?>("--env")
        {
            Description = "The environment that it is used for (PLANTON_ENV; default: the current context's); '' for none",
            HelpName = "ENV",
            Recursive = true,
        },
        NameKind.Environment);

    public Option<string?> Namespace { get; } = new("--namespace", "-n")
    {
        Description = "The namespace (default: default)",
        HelpName = "NAMESPACE",
        Recursive = true,
    };

    /// <summary>The connection in the environment, as the Kubernetes proxy's path has it: <c>NAME</c>, <c>NAME@ENV</c>, <c>-</c>.</summary>
    public string AddressOf(ParseResult parsed, Session session)
    {
        var connection = parsed.GetValue(Connection) is { Length: > 0 } name ? name : DefaultConnection;
        var environment = parsed.GetValue(EnvironmentName) ?? session.EnvironmentName;
        return environment is { Length: > 0 } ? $"{connection}@{environment}" : connection;
    }
}
