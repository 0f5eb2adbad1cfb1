using System.CommandLine;
using Planton.Cli.Invocation;

namespace Planton.Cli.ApiKeys;

internal static class ApiKeyCommand
{
    public static Command Create(VerbServices services) => new("api-key", "Manage your own API keys")
    {
        new ApiKeyCreateCommand(services),
        new ApiKeyListCommand(services),
        new ApiKeyRevokeCommand(services),
    };
}
