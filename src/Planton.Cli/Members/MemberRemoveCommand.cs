using System.CommandLine;
using Planton.Cli.Invocation;

namespace Planton.Cli.Members;

/// <summary><c>planton member remove</c></summary>
internal sealed class MemberRemoveCommand : OrganizationVerb
{
    private readonly Argument<string> _user = MemberCommand.UserArgument();
    private readonly Option<bool> _yes = Confirmation.CreateOption();

    public MemberRemoveCommand(VerbServices services)
        : base("remove", "Remove a user from the organization; the last owner stays", services)
    {
        Arguments.Add(_user);
        Options.Add(_yes);
        Examples = ["planton member remove ada --yes"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var user = context.Parsed.GetRequiredValue(_user);
        var question = $"Remove {user} from organization {session.Organization}?";
        if (await Confirmation.AskAsync(context, context.Parsed.GetValue(_yes), Lost(session, user), question, cancellationToken).ConfigureAwait(false) is { } refusal)
            return context.Fail(refusal);
        await session.Api.RemoveMemberAsync(session.Organization, user, cancellationToken).ConfigureAwait(false);
        context.Say($"Removed {user} from organization {session.Organization}.");
        return ExitCode.Ok;
    }

    private static string Lost(Session session, string user) =>
        $"The keys of {user} do nothing in organization {session.Organization} from then on, and what runs there with them is cut. The user stays.";
}
