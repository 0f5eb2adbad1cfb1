using System.CommandLine;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Runners;

/// <summary><c>planton runner get</c></summary>
internal sealed class RunnerGetCommand : RunnerVerb
{
    private readonly Argument<string> _name = RunnerCommand.NameArgument();
    private readonly Option<string> _output = OutputOption.Create();

    public RunnerGetCommand(VerbServices services)
        : base("get", "Show a runner and its tunnels", services)
    {
        Arguments.Add(_name);
        Options.Add(_output);
        Examples = ["planton runner get prod-runner", "planton runner get prod-runner -o yaml"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var runner = await session.Api.GetRunnerAsync(Owner(context, session), context.Parsed.GetRequiredValue(_name), cancellationToken).ConfigureAwait(false);
        return ResultPrinter.Print(
            context,
            OutputOption.Parse(context.Parsed.GetValue(_output)),
            runner,
            CliJson.Readable.Runner,
            output => RunnerTable.WriteOne(output, runner, Environment.Time),
            $"runner/{runner.Name}");
    }
}
