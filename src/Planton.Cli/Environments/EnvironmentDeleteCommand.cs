using System.CommandLine;
using Planton.Cli.Invocation;

namespace Planton.Cli.Environments;

/// <summary><c>planton environment delete</c></summary>
internal sealed class EnvironmentDeleteCommand : OrganizationVerb
{
    private readonly Argument<string> _name = EnvironmentCommand.NameArgument();
    private readonly Option<bool> _yes = Confirmation.CreateOption();

    public EnvironmentDeleteCommand(VerbServices services)
        : base("delete", "Remove an environment that nothing is left in", services)
    {
        Arguments.Add(_name);
        Options.Add(_yes);
        Examples = ["planton environment delete staging --yes"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var name = context.Parsed.GetRequiredValue(_name);
        var lost = $"Commands and contexts that name {name} fail from then on. An environment that something is left in is not deleted.";
        var question = $"Delete environment {name} of organization {session.Organization}?";
        if (await Confirmation.AskAsync(context, context.Parsed.GetValue(_yes), lost, question, cancellationToken).ConfigureAwait(false) is { } refusal)
            return context.Fail(refusal);
        await session.Api.DeleteEnvironmentAsync(session.Organization, name, cancellationToken).ConfigureAwait(false);
        context.Say($"Deleted environment {name}.");
        return ExitCode.Ok;
    }
}
