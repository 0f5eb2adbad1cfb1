using System.CommandLine;
using Planton.Cli.Credentials;
using Planton.Cli.Environments;
using Planton.Cli.Invocation;

namespace Planton.Cli.Variables;

/// <summary><c>planton variable delete</c></summary>
internal sealed class VariableDeleteCommand : EnvironmentVerb
{
    private readonly Argument<string> _name = VariableCommand.NameArgument();
    private readonly Option<bool> _yes = Confirmation.CreateOption();

    public VariableDeleteCommand(VerbServices services)
        : base("delete", "Remove a variable with all its versions", services)
    {
        Arguments.Add(_name);
        Options.Add(_yes);
        Examples = ["planton variable delete region --env staging --yes"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var name = context.Parsed.GetRequiredValue(_name);
        var environment = EnvironmentOf(context, session);
        var question = $"Delete variable {name} {Describe(session, environment)}?";
        if (await Confirmation.AskAsync(context, context.Parsed.GetValue(_yes), LostAsync, question, cancellationToken).ConfigureAwait(false) is { } refusal)
            return context.Fail(refusal);
        await session.Api.DeleteVariableAsync(session.Organization, name, environment, cancellationToken).ConfigureAwait(false);
        context.Say($"Deleted variable {name} {Describe(session, environment)}.");
        return ExitCode.Ok;

        async Task<string> LostAsync(CancellationToken token)
        {
            var found = await session.Api.GetVariableAsync(session.Organization, name, environment, token).ConfigureAwait(false);
            return $"Lost for good: {Endings.Count(found.Version, "version")}. References to it fail from then on.";
        }
    }
}
