using System.CommandLine;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Runners;

/// <summary><c>planton runner list</c></summary>
internal sealed class RunnerListCommand : RunnerVerb
{
    private readonly Option<bool> _all = new("--all") { Description = "The organization's runners and those of the platform" };
    private readonly Option<string> _output = OutputOption.Create();

    public RunnerListCommand(VerbServices services)
        : base("list", "List runners and whether they are connected", services)
    {
        Options.Add(_all);
        Options.Add(_output);
        Examples = ["planton runner list", "planton runner list --all", "planton runner list --platform -o json"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var all = context.Parsed.GetValue(_all);
        if (all && IsPlatform(context))
            return context.Fail(CliError.Usage("--all and --platform exclude each other", "--platform lists the platform's runners alone."));
        var list = await session.Api.ListRunnersAsync(Owner(context, session), all, cancellationToken).ConfigureAwait(false);
        return ResultPrinter.Print(
            context,
            OutputOption.Parse(context.Parsed.GetValue(_output)),
            list,
            CliJson.Readable.ListResponseRunner,
            output => RunnerTable.WriteList(output, list.Items ?? [], Environment.Time),
            (list.Items ?? []).Select(runner => $"runner/{runner.Name}"));
    }
}
