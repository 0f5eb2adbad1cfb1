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
        new ConnectionSetEnvironmentsCommand(services),
        new ConnectionSetDefaultCommand(services),
        new ConnectionUnsetDefaultCommand(services),
        new ConnectionGetDefaultCommand(services),
        new ConnectionTestCommand(services),
    };

    public static Argument<string> NameArgument() => NameCompletion.Offer(new Argument<string>("NAME") { Description = "The connection's name" }, NameKind.Connection);

    public static Option<string[]> EnvironmentsOption() => NameCompletion.Offer(
        new Option<string[]>("--environment") { Description = "An environment that may use it; several times for several (default: all)", HelpName = "ENV" },
        NameKind.Environment);

    public static void WriteTable(TextWriter output, IEnumerable<Connection> connections, TimeProvider clock)
    {
        var table = new TextTable("NAME", "KIND", "AUTH MODE", "RUNNER", "TARGET", "ENVIRONMENTS", "DEFAULT OF", "AGE");
        foreach (var connection in connections)
            table.Add(
                connection.Name,
                connection.Kind,
                connection.AuthMode,
                connection.Runner ?? "(default)",
                connection.Kubernetes?.Context ?? "",
                connection.Environments is { Count: > 0 } environments ? string.Join(",", environments) : "(all)",
                string.Join(",", (connection.IsDefault ? (string[])["(organization)"] : []).Concat(connection.DefaultOf ?? [])),
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
