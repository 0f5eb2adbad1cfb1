using System.CommandLine;
using Planton.Cli.Invocation;
using Planton.Cli.Runners;

namespace Planton.Cli.Credentials;

/// <summary><c>planton runner credentials revoke</c></summary>
internal sealed class CredentialsRevokeCommand : RunnerVerb
{
    private readonly Argument<string> _name = RunnerCommand.NameArgument();
    private readonly Argument<string> _id = new("CREDENTIAL-ID") { Description = "The credential's id: planton runner credentials list NAME" };
    private readonly Option<bool> _yes = Confirmation.CreateOption();

    public CredentialsRevokeCommand(VerbServices services)
        : base("revoke", "Revoke one credential of a runner, cutting what runs with it; the others stay valid", services)
    {
        Arguments.Add(_name);
        Arguments.Add(_id);
        Options.Add(_yes);
        Examples = ["planton runner credentials revoke prod-runner 0199b4c2-7c1e-7a53-9d2e-3f1f6a6f0c11 --yes"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var name = context.Parsed.GetRequiredValue(_name);
        var id = context.Parsed.GetRequiredValue(_id);
        var owner = Owner(context, session);
        var question = $"Revoke credential {id} of runner {name} {Describe(owner)}?";
        if (await Confirmation.AskAsync(context, context.Parsed.GetValue(_yes), LostAsync, question, cancellationToken).ConfigureAwait(false) is { } refusal)
            return context.Fail(refusal);
        var summary = await session.Api.RevokeCredentialAsync(owner, name, id, cancellationToken).ConfigureAwait(false);
        context.Say(summary.Credentials == 0 ? $"Credential {id} was not valid any more." : Endings.Of(summary));
        return ExitCode.Ok;

        async Task<string> LostAsync(CancellationToken token)
        {
            var list = await session.Api.ListCredentialsAsync(owner, name, token).ConfigureAwait(false);
            var tunnels = (list.Items ?? []).FirstOrDefault(credential => credential.Id == id)?.Connected ?? 0;
            return $"Runners that use it are refused from then on. Cut now: {Endings.Count(tunnels, "tunnel")}, with the operations in them.";
        }
    }
}
