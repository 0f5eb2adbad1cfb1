using System.CommandLine;
using Planton.Cli.Invocation;

namespace Planton.Cli.Members;

/// <summary><c>planton member leave</c></summary>
internal sealed class MemberLeaveCommand : OrganizationVerb
{
    private readonly Option<bool> _yes = Confirmation.CreateOption();

    public MemberLeaveCommand(VerbServices services)
        : base("leave", "End your own membership of the organization; its only owner stays", services)
    {
        Options.Add(_yes);
        Examples = ["planton member leave --org acme"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var question = $"Leave organization {session.Organization}?";
        if (await Confirmation.AskAsync(context, context.Parsed.GetValue(_yes), Lost(session), question, cancellationToken).ConfigureAwait(false) is { } refusal)
            return context.Fail(refusal);
        await session.Api.LeaveOrganizationAsync(session.Organization, cancellationToken).ConfigureAwait(false);
        context.Say($"Left organization {session.Organization}.");
        return ExitCode.Ok;
    }

    private static string Lost(Session session) =>
        $"Your keys do nothing in organization {session.Organization} from then on, and what runs there with them is aborted. Only an admin can add you again.";
}
