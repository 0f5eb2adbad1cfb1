using System.CommandLine;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.RunnerGrants;

/// <summary><c>planton runner grants</c></summary>
internal sealed class RunnerGrantsCommand : ApiVerb
{
    private readonly Argument<string> _name = RunnerGrantCommand.PlatformRunnerArgument();
    private readonly Option<string> _output = OutputOption.Create();

    public RunnerGrantsCommand(VerbServices services)
        : base("grants", "List which organizations may use a runner of the platform, and for what (platform operators only)", services)
    {
        Arguments.Add(_name);
        Options.Add(_output);
        Examples = ["planton runner grants shared", "planton runner grants shared -o json"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var list = await session.Api.ListRunnerGrantsAsync(context.Parsed.GetRequiredValue(_name), cancellationToken).ConfigureAwait(false);
        return ResultPrinter.Print(
            context,
            OutputOption.Parse(context.Parsed.GetValue(_output)),
            list,
            CliJson.Readable.ListResponseRunnerGrant,
            output => RunnerGrantTable.Write(output, list.Items ?? [], Environment.Time),
            (list.Items ?? []).Select(RunnerGrantTable.NameOf));
    }
}
