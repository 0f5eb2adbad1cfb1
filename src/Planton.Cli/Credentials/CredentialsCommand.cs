using System.CommandLine;
using Planton.Cli.Invocation;

namespace Planton.Cli.Credentials;

internal static class CredentialsCommand
{
    public static Command Create(VerbServices services) => new("credentials", "Look at a runner's credentials, and revoke them one by one")
    {
        new CredentialsListCommand(services),
        new CredentialsRevokeCommand(services),
    };
}
