using System.CommandLine;
using Planton.Api.Errors;
using Planton.Cli.Completions;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Explanations;

/// <summary><c>planton explain route</c></summary>
internal sealed class ExplainRouteCommand : OrganizationVerb
{
    private readonly Option<string> _connection = NameCompletion.Offer(
        new Option<string>("--connection") { Description = "The connection's name", HelpName = "CONNECTION", Required = true }, NameKind.Connection);
    private readonly Option<string> _output = OutputOption.Create();

    public ExplainRouteCommand(VerbServices services)
        : base("route", "Show which runner and replica an operation on a connection would go to now, or why to none", services)
    {
        Options.Add(_connection);
        Options.Add(_output);
        Examples = ["planton explain route --connection prod", "planton explain route --connection prod -o json"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var connection = context.Parsed.GetRequiredValue(_connection);
        var route = await session.Api.ExplainRouteAsync(session.Organization, connection, cancellationToken).ConfigureAwait(false);
        ResultPrinter.Print(
            context,
            OutputOption.Parse(context.Parsed.GetValue(_output)),
            route,
            CliJson.Readable.RouteExplanation,
            output => RouteTable.Write(output, route),
            route.Runner is { } runner ? [$"runner/{runner}"] : []);
        return route.Code is { } code
            ? context.Fail(new CliError(route.Detail ?? code, route.Hint, ErrorStatus.ToExitCode(code)))
            : ExitCode.Ok;
    }
}
