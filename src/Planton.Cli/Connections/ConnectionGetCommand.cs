using System.CommandLine;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Connections;

/// <summary><c>planton connection get</c></summary>
internal sealed class ConnectionGetCommand : OrganizationVerb
{
    private readonly Argument<string> _name = ConnectionCommand.NameArgument();
    private readonly Option<string> _output = OutputOption.Create();

    public ConnectionGetCommand(VerbServices services)
        : base("get", "Show a connection", services)
    {
        Arguments.Add(_name);
        Options.Add(_output);
        Examples = ["planton connection get prod -o yaml"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var connection = await session.Api.GetConnectionAsync(session.Organization, context.Parsed.GetRequiredValue(_name), cancellationToken).ConfigureAwait(false);
        return ConnectionCommand.Print(context, context.Parsed.GetValue(_output), connection);
    }
}
