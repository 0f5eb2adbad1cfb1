using System.CommandLine;
using Planton.Cli.Invocation;

namespace Planton.Cli.Organizations;

/// <summary><c>planton org delete</c></summary>
internal sealed class OrganizationDeleteCommand : ApiVerb
{
    private const string Lost =
        "Its memberships, service accounts with their keys, and environments go with it. Its audit records stay, for the platform operator.";

    private readonly Argument<string> _name = OrganizationCommand.NameArgument();
    private readonly Option<bool> _yes = Confirmation.CreateOption();

    public OrganizationDeleteCommand(VerbServices services)
        : base("delete", "Remove an organization that has no runner and no connection", services)
    {
        Arguments.Add(_name);
        Options.Add(_yes);
        Examples = ["planton org delete acme --yes"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var name = context.Parsed.GetRequiredValue(_name);
        if (await Confirmation.AskAsync(context, context.Parsed.GetValue(_yes), Lost, $"Delete organization {name}?", cancellationToken).ConfigureAwait(false) is { } refusal)
            return context.Fail(refusal);
        await session.Api.DeleteOrganizationAsync(name, cancellationToken).ConfigureAwait(false);
        context.Say($"Deleted organization {name}.");
        return ExitCode.Ok;
    }
}
