using System.CommandLine;
using System.Globalization;
using Planton.Api.Connections;
using Planton.Api.Errors;
using Planton.Cli.Environments;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Connections;

/// <summary><c>planton connection test</c></summary>
internal sealed class ConnectionTestCommand : EnvironmentVerb
{
    private readonly Argument<string> _name = ConnectionCommand.NameArgument();
    private readonly Option<string> _output = OutputOption.Create();

    public ConnectionTestCommand(VerbServices services)
        : base("test", "Send one small request to the target, and show how far it gets", services)
    {
        Arguments.Add(_name);
        Options.Add(_output);
        Examples = ["planton connection test prod", "planton connection test prod --env staging"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var name = context.Parsed.GetRequiredValue(_name);
        var test = await session.Api.TestConnectionAsync(session.Organization, name, EnvironmentOf(context, session), cancellationToken).ConfigureAwait(false);
        ResultPrinter.Print(
            context,
            OutputOption.Parse(context.Parsed.GetValue(_output)),
            test,
            CliJson.Readable.ConnectionTest,
            output => WriteTable(output, test),
            $"connection/{name}");
        if (test.Ok)
            return ExitCode.Ok;
        var failed = (test.Stages ?? []).LastOrDefault(stage => !stage.Ok);
        return context.Fail(new CliError(
            failed is null ? $"connection {name} failed" : $"connection {name} failed at stage {failed.Name}: {failed.Detail}",
            ExitCode: failed?.Code is { } code ? ErrorStatus.ToExitCode(code) : ExitCode.Failed));
    }

    private static void WriteTable(TextWriter output, ConnectionTest test)
    {
        var table = new TextTable("STAGE", "RESULT", "MS", "DETAIL");
        foreach (var stage in test.Stages ?? [])
            table.Add(stage.Name, stage.Ok ? "ok" : "failed", stage.Milliseconds.ToString("0.0", CultureInfo.InvariantCulture), stage.Detail);
        table.Write(output);
    }
}
