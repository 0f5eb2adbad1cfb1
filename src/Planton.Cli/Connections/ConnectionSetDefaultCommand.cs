using System.CommandLine;
using Planton.Cli.Environments;
using Planton.Cli.Invocation;

namespace Planton.Cli.Connections;

/// <summary><c>planton connection set-default</c></summary>
internal sealed class ConnectionSetDefaultCommand : EnvironmentVerb
{
    private readonly Argument<string> _name = ConnectionCommand.NameArgument();

    public ConnectionSetDefaultCommand(VerbServices services)
        : base("set-default", "Set the connection that is used where none is named", services)
    {
        Arguments.Add(_name);
        Examples = ["planton connection set-default prod", "planton connection set-default staging --env staging"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var name = context.Parsed.GetRequiredValue(_name);
        var environment = EnvironmentOf(context, session);
        await session.Api.SetDefaultConnectionAsync(session.Organization, name, environment, cancellationToken).ConfigureAwait(false);
        context.Say($"Default connection {Describe(session, environment)}: {name}.");
        return ExitCode.Ok;
    }
}
