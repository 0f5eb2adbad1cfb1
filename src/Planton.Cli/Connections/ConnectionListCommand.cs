using System.CommandLine;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Connections;

/// <summary><c>planton connection list</c></summary>
internal sealed class ConnectionListCommand : OrganizationVerb
{
    private readonly Option<string> _output = OutputOption.Create();

    public ConnectionListCommand(VerbServices services)
        : base("list", "List the connections of the organization", services)
    {
        Options.Add(_output);
        Examples = ["planton connection list", "planton connection list -o name"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var list = await session.Api.ListConnectionsAsync(session.Organization, cancellationToken).ConfigureAwait(false);
        return ResultPrinter.Print(
            context,
            OutputOption.Parse(context.Parsed.GetValue(_output)),
            list,
            CliJson.Readable.ListResponseConnection,
            output => ConnectionCommand.WriteTable(output, list.Items ?? [], Environment.Time),
            (list.Items ?? []).Select(connection => $"connection/{connection.Name}"));
    }
}
