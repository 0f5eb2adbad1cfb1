using System.CommandLine;
using Planton.Cli.ApiKeys;
using Planton.Cli.Invocation;

namespace Planton.Cli.ServiceAccounts;

/// <summary><c>planton service-account key revoke</c></summary>
internal sealed class ServiceAccountKeyRevokeCommand : OrganizationVerb
{
    private readonly Argument<string> _name = ServiceAccountCommand.NameArgument();
    private readonly Argument<string> _id = ApiKeyOutput.IdArgument();
    private readonly Option<bool> _yes = Confirmation.CreateOption();

    public ServiceAccountKeyRevokeCommand(VerbServices services)
        : base("revoke", "Revoke a key of a service account, cutting what runs with it", services)
    {
        Arguments.Add(_name);
        Arguments.Add(_id);
        Options.Add(_yes);
        Examples = ["planton service-account key revoke ci 3kTq0vXw9LmZ --yes"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var name = context.Parsed.GetRequiredValue(_name);
        var id = context.Parsed.GetRequiredValue(_id);
        var question = $"Revoke key {id} of service account {name}?";
        if (await Confirmation.AskAsync(context, context.Parsed.GetValue(_yes), ApiKeyOutput.LostByRevoking, question, cancellationToken).ConfigureAwait(false) is { } refusal)
            return context.Fail(refusal);
        await session.Api.RevokeServiceAccountKeyAsync(session.Organization, name, id, cancellationToken).ConfigureAwait(false);
        context.Say($"Revoked key {id} of service account {name}.");
        return ExitCode.Ok;
    }
}
