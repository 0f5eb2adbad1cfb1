using System.CommandLine;
using Planton.Cli.Invocation;

namespace Planton.Cli.Auth;

internal static class AuthCommand
{
    public static Command Create(VerbServices services) => new("auth", "Log in and out, and see who you are")
    {
        new LoginCommand(services, new ApiKeyLogin()),
        new WhoCommand(services),
        new LogoutCommand(services),
    };
}
