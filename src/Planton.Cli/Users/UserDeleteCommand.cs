using System.CommandLine;
using Planton.Cli.Invocation;

namespace Planton.Cli.Users;

/// <summary><c>planton user delete</c></summary>
internal sealed class UserDeleteCommand : ApiVerb
{
    private readonly Argument<string> _name = UserCommand.NameArgument();
    private readonly Option<bool> _yes = Confirmation.CreateOption();

    public UserDeleteCommand(VerbServices services)
        : base("delete", "Remove a user with keys and memberships, cutting what runs with them", services)
    {
        Arguments.Add(_name);
        Options.Add(_yes);
        Examples = ["planton user delete ada --yes"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var name = context.Parsed.GetRequiredValue(_name);
        if (await Confirmation.AskAsync(context, context.Parsed.GetValue(_yes), Lost(name), $"Delete user {name}?", cancellationToken).ConfigureAwait(false) is { } refusal)
            return context.Fail(refusal);
        await session.Api.DeleteUserAsync(name, cancellationToken).ConfigureAwait(false);
        context.Say($"Deleted user {name}.");
        return ExitCode.Ok;
    }

    private static string Lost(string name) =>
        $"The keys of {name} are refused from then on, what runs with them is cut, and the memberships end. What {name} made stays.";
}
