using System.CommandLine;
using Planton.Api.Connections;
using Planton.Cli.Completions;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Connections;

internal static class ConnectionCommand
{
    public static Command Create(VerbServices services) => new("connection", "Manage connections: the targets behind runners")
    {
        new Command("create", "Make a connection") { new ConnectionCreateKubernetesCommand(services) },
        new ConnectionListCommand(services),
        new ConnectionGetCommand(services),
        new ConnectionDeleteCommand(services),
        new ConnectionTestCommand(services),
    };

    public static Argument<string> NameArgument() => NameCompletion.Offer(new Argument<string>("NAME") { Description = "The connection's name" }, NameKind.Connection);

    public static void WriteTable(TextWriter output, IEnumerable<Connection> connections, TimeProvider clock)
    {
        var table = new TextTable("NAME", "KIND", "AUTH MODE", "RUNNER", "TARGET", "AGE");
        foreach (var connection in connections)
            table.Add(
                connection.Name,
                connection.Kind,
                connection.AuthMode,
                connection.Runner ?? "(default)",
                connection.Kubernetes?.Context ?? "",
                Times.Ago(connection.CreatedAt, clock));
        table.Write(output);
    }

    public static int Print(CommandContext context, string? format, Connection connection) => ResultPrinter.Print(
        context,
        OutputOption.Parse(format),
        connection,
        CliJson.Readable.Connection,
        output => WriteTable(output, [connection], context.Environment.Time),
        $"connection/{connection.Name}");
}
