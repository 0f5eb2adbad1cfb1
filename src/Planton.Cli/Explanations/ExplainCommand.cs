using System.CommandLine;
using Planton.Cli.Invocation;

namespace Planton.Cli.Explanations;

internal static class ExplainCommand
{
    public static Command Create(VerbServices services) => new("explain", "Show why the control plane does what it does")
    {
        new ExplainRouteCommand(services),
    };
}
