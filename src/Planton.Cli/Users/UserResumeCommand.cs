using System.CommandLine;
using Planton.Cli.Invocation;

namespace Planton.Cli.Users;

/// <summary><c>planton user resume</c></summary>
internal sealed class UserResumeCommand : ApiVerb
{
    private readonly Argument<string> _name = UserCommand.NameArgument();

    public UserResumeCommand(VerbServices services)
        : base("resume", "Accept the keys of a suspended user again", services)
    {
        Arguments.Add(_name);
        Examples = ["planton user resume ada"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var name = context.Parsed.GetRequiredValue(_name);
        await session.Api.ResumeUserAsync(name, cancellationToken).ConfigureAwait(false);
        context.Say($"Resumed user {name}. Keys that were not revoked are good again; to revoke all of them: planton user revoke-keys {name}");
        return ExitCode.Ok;
    }
}
