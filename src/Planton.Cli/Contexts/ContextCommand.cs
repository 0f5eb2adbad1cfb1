using System.CommandLine;
using Planton.Cli.Invocation;

namespace Planton.Cli.Contexts;

internal static class ContextCommand
{
    public static Command Create(VerbServices services) => new("context", "Choose the server and the organization to work in")
    {
        new ContextSetCommand(services),
        new ContextGetCommand(services),
        new ContextListCommand(services),
    };
}
