using System.CommandLine;
using Planton.Cli.Credentials;
using Planton.Cli.Invocation;

namespace Planton.Cli.Users;

/// <summary><c>planton user revoke-keys</c></summary>
internal sealed class UserRevokeKeysCommand : ApiVerb
{
    private readonly Argument<string> _name = UserCommand.NameArgument();
    private readonly Option<bool> _yes = Confirmation.CreateOption();

    public UserRevokeKeysCommand(VerbServices services)
        : base("revoke-keys", "Revoke every key of a user, and abort what runs with them", services)
    {
        Arguments.Add(_name);
        Options.Add(_yes);
        Examples = ["planton user revoke-keys ada --yes"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var name = context.Parsed.GetRequiredValue(_name);
        if (await Confirmation.AskAsync(context, context.Parsed.GetValue(_yes), Lost(name), $"Revoke every key of user {name}?", cancellationToken).ConfigureAwait(false) is { } refusal)
            return context.Fail(refusal);
        var answer = await session.Api.RevokeUserKeysAsync(name, cancellationToken).ConfigureAwait(false);
        context.Say($"Revoked {Endings.Count(answer.Revoked, "valid key")} of user {name}.");
        return ExitCode.Ok;
    }

    private static string Lost(string name) =>
        $"Every key of {name} is refused from then on, for good, and what runs with them is aborted. {name} cannot log in with any of them "
        + "again: nobody makes a key for another user.";
}
