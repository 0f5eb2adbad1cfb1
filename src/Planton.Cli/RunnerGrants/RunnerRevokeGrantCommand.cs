using System.CommandLine;
using Planton.Cli.Invocation;

namespace Planton.Cli.RunnerGrants;

/// <summary><c>planton runner revoke-grant</c></summary>
internal sealed class RunnerRevokeGrantCommand : ApiVerb
{
    private readonly Argument<string> _name = RunnerGrantCommand.PlatformRunnerArgument();
    private readonly Argument<string> _id = new("GRANT-ID") { Description = "The grant's id: planton runner grants NAME" };
    private readonly Option<bool> _yes = Confirmation.CreateOption();

    public RunnerRevokeGrantCommand(VerbServices services)
        : base("revoke-grant", "Revoke a grant of a platform runner, aborting what runs by it (platform operators only)", services)
    {
        Arguments.Add(_name);
        Arguments.Add(_id);
        Options.Add(_yes);
        Examples = ["planton runner revoke-grant shared 0199b4c2-7c1e-7a53-9d2e-3f1f6a6f0c11 --yes"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var name = context.Parsed.GetRequiredValue(_name);
        var given = context.Parsed.GetRequiredValue(_id);
        // As it is printed by -o name.
        var id = given.StartsWith(RunnerGrantTable.Prefix, StringComparison.Ordinal) ? given[RunnerGrantTable.Prefix.Length..] : given;
        var question = $"Revoke grant {id} of runner {name} of the platform?";
        if (await Confirmation.AskAsync(context, context.Parsed.GetValue(_yes), LostAsync, question, cancellationToken).ConfigureAwait(false) is { } refusal)
            return context.Fail(refusal);
        await session.Api.RevokeRunnerGrantAsync(name, id, cancellationToken).ConfigureAwait(false);
        context.Say($"Revoked grant {id}. What runs by it is aborted.");
        return ExitCode.Ok;

        async Task<string> LostAsync(CancellationToken token)
        {
            var list = await session.Api.ListRunnerGrantsAsync(name, token).ConfigureAwait(false);
            return (list.Items ?? []).FirstOrDefault(grant => grant.Id == id) is { } found
                ? $"Organization {found.Organization} may no longer use the runner for: {RunnerGrantTable.Describe(found)}. What runs by it is aborted."
                : "";
        }
    }
}
