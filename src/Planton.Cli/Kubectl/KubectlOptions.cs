using System.CommandLine;
using Planton.Cli.Completions;

namespace Planton.Cli.Kubectl;

/// <summary>The options of every <c>planton kubectl</c> command.</summary>
internal sealed class KubectlOptions
{
    public Option<string> Connection { get; } = NameCompletion.Offer(
        new Option<string>("--connection")
        {
            Description = "The connection to the cluster",
            HelpName = "CONNECTION",
            Recursive = true,
            Required = true,
        },
        NameKind.Connection);

    public Option<string?> Namespace { get; } = new("--namespace", "-n")
    {
        Description = "The namespace (default: default)",
        HelpName = "NAMESPACE",
        Recursive = true,
    };
}
