using System.CommandLine;
using Planton.Cli.Credentials;
using Planton.Cli.Invocation;

namespace Planton.Cli.ServiceAccounts;

/// <summary><c>planton service-account delete</c></summary>
internal sealed class ServiceAccountDeleteCommand : OrganizationVerb
{
    private readonly Argument<string> _name = ServiceAccountCommand.NameArgument();
    private readonly Option<bool> _yes = Confirmation.CreateOption();

    public ServiceAccountDeleteCommand(VerbServices services)
        : base("delete", "Remove a service account with its keys, cutting what runs with them", services)
    {
        Arguments.Add(_name);
        Options.Add(_yes);
        Examples = ["planton service-account delete ci --yes"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var name = context.Parsed.GetRequiredValue(_name);
        var question = $"Delete service account {name} of organization {session.Organization}?";
        if (await Confirmation.AskAsync(context, context.Parsed.GetValue(_yes), LostAsync, question, cancellationToken).ConfigureAwait(false) is { } refusal)
            return context.Fail(refusal);
        await session.Api.DeleteServiceAccountAsync(session.Organization, name, cancellationToken).ConfigureAwait(false);
        context.Say($"Deleted service account {name}.");
        return ExitCode.Ok;

        async Task<string> LostAsync(CancellationToken token)
        {
            var keys = await session.Api.ListServiceAccountKeysAsync(session.Organization, name, token).ConfigureAwait(false);
            var valid = (keys.Items ?? []).Count(key => key.RevokedAt is null && !(key.ExpiresAt <= Environment.Time.GetUtcNow()));
            return $"Lost for good: {Endings.Count(valid, "valid key")}, and what runs with them.";
        }
    }
}
