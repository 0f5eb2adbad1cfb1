using System.CommandLine;
using Planton.Cli.Invocation;

namespace Planton.Cli.ApiKeys;

/// <summary><c>planton api-key revoke</c></summary>
internal sealed class ApiKeyRevokeCommand : ApiVerb
{
    private readonly Argument<string> _id = ApiKeyOutput.IdArgument();
    private readonly Option<bool> _yes = Confirmation.CreateOption();

    public ApiKeyRevokeCommand(VerbServices services)
        : base("revoke", "Revoke one of your own keys, cutting what runs with it", services)
    {
        Arguments.Add(_id);
        Options.Add(_yes);
        Examples = ["planton api-key revoke 3kTq0vXw9LmZ --yes"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var id = context.Parsed.GetRequiredValue(_id);
        var own = session.ApiKey.StartsWith($"pck_{id}", StringComparison.Ordinal);
        var question = own ? $"Revoke API key {id}, which this very command uses?" : $"Revoke API key {id}?";
        if (await Confirmation.AskAsync(context, context.Parsed.GetValue(_yes), ApiKeyOutput.LostByRevoking, question, cancellationToken).ConfigureAwait(false) is { } refusal)
            return context.Fail(refusal);
        await session.Api.RevokeApiKeyAsync(id, cancellationToken).ConfigureAwait(false);
        context.Say($"Revoked API key {id}.{(own ? " Log in with another one: planton auth login." : "")}");
        return ExitCode.Ok;
    }
}
