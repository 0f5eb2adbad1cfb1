using System.CommandLine;
using Planton.Cli.Credentials;
using Planton.Cli.Environments;
using Planton.Cli.Invocation;

namespace Planton.Cli.Secrets;

/// <summary><c>planton secret delete</c></summary>
internal sealed class SecretDeleteCommand : EnvironmentVerb
{
    private readonly Argument<string> _name = SecretCommand.NameArgument();
    private readonly Option<bool> _yes = Confirmation.CreateOption();

    public SecretDeleteCommand(VerbServices services)
        : base("delete", "Remove a secret with all its versions", services)
    {
        Arguments.Add(_name);
        Options.Add(_yes);
        Examples = ["planton secret delete database --env staging --yes"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var name = context.Parsed.GetRequiredValue(_name);
        var environment = EnvironmentOf(context, session);
        var question = $"Delete secret {name} {Describe(session, environment)}?";
        if (await Confirmation.AskAsync(context, context.Parsed.GetValue(_yes), LostAsync, question, cancellationToken).ConfigureAwait(false) is { } refusal)
            return context.Fail(refusal);
        await session.Api.DeleteSecretAsync(session.Organization, name, environment, cancellationToken).ConfigureAwait(false);
        context.Say($"Deleted secret {name} {Describe(session, environment)}.");
        return ExitCode.Ok;

        async Task<string> LostAsync(CancellationToken token)
        {
            var found = await session.Api.GetSecretAsync(session.Organization, name, environment, token).ConfigureAwait(false);
            return $"Lost for good: {Endings.Count(found.Version, "version")} with {Endings.Count((found.Keys ?? []).Count, "key")}. References to it fail from then on.";
        }
    }
}
