using System.CommandLine;
using Planton.Cli.Invocation;

namespace Planton.Cli.Users;

/// <summary><c>planton user suspend</c></summary>
internal sealed class UserSuspendCommand : ApiVerb
{
    private readonly Argument<string> _name = UserCommand.NameArgument();
    private readonly Option<bool> _yes = Confirmation.CreateOption();

    public UserSuspendCommand(VerbServices services)
        : base("suspend", "Refuse every key of a user until they are resumed, and abort what runs with them", services)
    {
        Arguments.Add(_name);
        Options.Add(_yes);
        Examples = ["planton user suspend ada --yes"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var name = context.Parsed.GetRequiredValue(_name);
        if (await Confirmation.AskAsync(context, context.Parsed.GetValue(_yes), Lost(name), $"Suspend user {name}?", cancellationToken).ConfigureAwait(false) is { } refusal)
            return context.Fail(refusal);
        var suspended = await session.Api.SuspendUserAsync(name, cancellationToken).ConfigureAwait(false);
        context.Say($"Suspended user {name}. To end it: planton user resume {name}");
        foreach (var organization in suspended.FrozenOrganizations ?? [])
            context.Say($"Organization {organization} is frozen: no other owner can act. To give it one: planton member set NAME --role owner --org {organization}");
        return ExitCode.Ok;
    }

    private static string Lost(string name) =>
        $"The keys of {name} are refused from then on, and what runs with them is aborted. Organizations without another owner are frozen: "
        + "nothing is changed or sent there, and what runs there is aborted. Nothing is deleted.";
}
