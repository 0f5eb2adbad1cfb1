using System.CommandLine;
using Planton.Cli.Completions;
using Planton.Cli.Invocation;

namespace Planton.Cli.Users;

internal static class UserCommand
{
    public static Command Create(VerbServices services) => new("user", "Manage users; takes the platform operator")
    {
        new UserCreateCommand(services),
        new UserListCommand(services),
        new UserSuspendCommand(services),
        new UserResumeCommand(services),
        new UserRevokeKeysCommand(services),
        new UserDeleteCommand(services),
    };

    public static Argument<string> NameArgument() => NameCompletion.Offer(new Argument<string>("NAME") { Description = "The user's name" }, NameKind.User);
}
