using System.CommandLine;
using Planton.Cli.Environments;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Variables;

/// <summary><c>planton variable list</c></summary>
internal sealed class VariableListCommand : EnvironmentVerb
{
    private readonly Option<string> _output = OutputOption.Create();

    public VariableListCommand(VerbServices services)
        : base("list", "List variables with their values: an environment's, or all of the organization's", services)
    {
        Options.Add(_output);
        Examples = ["planton variable list", "planton variable list --env staging -o name"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var list = await session.Api.ListVariablesAsync(session.Organization, EnvironmentOf(context, session), cancellationToken).ConfigureAwait(false);
        return ResultPrinter.Print(
            context,
            OutputOption.Parse(context.Parsed.GetValue(_output)),
            list,
            CliJson.Readable.ListResponseVariable,
            output => VariableCommand.WriteTable(output, list.Items ?? [], Environment.Time),
            (list.Items ?? []).Select(variable => $"variable/{variable.Name}"));
    }
}
