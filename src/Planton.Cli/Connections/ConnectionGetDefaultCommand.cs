using System.CommandLine;
using Planton.Cli.Environments;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Connections;

/// <summary><c>planton connection get-default</c></summary>
internal sealed class ConnectionGetDefaultCommand : EnvironmentVerb
{
    private readonly Option<string> _output = OutputOption.Create();

    public ConnectionGetDefaultCommand(VerbServices services)
        : base("get-default", "Show the connection that is used where none is named, and whose default it is", services)
    {
        Options.Add(_output);
        Examples = ["planton connection get-default", "planton connection get-default --env staging -o name"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var environment = EnvironmentOf(context, session);
        var current = await session.Api.GetDefaultConnectionAsync(session.Organization, environment, cancellationToken).ConfigureAwait(false);
        if (current.Connection is null)
            context.Say($"There is no default connection {Describe(session, environment)}. Set one: planton connection set-default NAME.");
        return ResultPrinter.Print(
            context,
            OutputOption.Parse(context.Parsed.GetValue(_output)),
            current,
            CliJson.Readable.DefaultConnection,
            output =>
            {
                var table = new TextTable("CONNECTION", "DEFAULT OF");
                table.Add(current.Connection ?? "(none)", current.Level);
                table.Write(output);
            },
            current.Connection is { } name ? [$"connection/{name}"] : []);
    }
}
