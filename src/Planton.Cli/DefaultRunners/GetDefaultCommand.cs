using System.CommandLine;
using Planton.Api.DefaultRunners;
using Planton.Api.Routing;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.DefaultRunners;

/// <summary><c>planton runner get-default</c></summary>
internal sealed class GetDefaultCommand : DefaultRunnerVerb
{
    private readonly Option<string> _output = OutputOption.Create();

    public GetDefaultCommand(VerbServices services)
        : base("get-default", "Show the default runner, level by level, and which one is used", services)
    {
        Options.Add(_output);
        Examples = ["planton runner get-default", "planton runner get-default --platform -o name"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var owner = Owner(context, session);
        var runners = await session.Api.GetDefaultRunnerAsync(owner, cancellationToken).ConfigureAwait(false);
        if (runners.Effective is null)
            context.Say($"{Describe(runners)} {SetHint}");
        return ResultPrinter.Print(
            context,
            OutputOption.Parse(context.Parsed.GetValue(_output)),
            runners,
            CliJson.Readable.DefaultRunner,
            output => WriteTable(output, owner, runners),
            runners.Effective is { } effective ? [$"runner/{effective.Runner}"] : []);
    }

    private static void WriteTable(TextWriter output, string? owner, DefaultRunner runners)
    {
        var table = new TextTable("LEVEL", "RUNNER", "USED");
        if (owner is not null)
            Add(RouteLevelName.Organization, runners.Organization);
        Add(RouteLevelName.Platform, runners.Platform);
        table.Write(output);

        void Add(string level, string? runner) => table.Add(level, runner ?? "(none)", runners.Effective?.Level == level ? "yes" : "");
    }
}
