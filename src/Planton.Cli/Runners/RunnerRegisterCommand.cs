using System.CommandLine;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Runners;

/// <summary><c>planton runner register</c></summary>
internal sealed class RunnerRegisterCommand : RunnerVerb
{
    private readonly Argument<string> _name = RunnerCommand.NameArgument();
    private readonly Option<string> _output = OutputOption.Create();

    public RunnerRegisterCommand(VerbServices services)
        : base("register", "Register a runner, without credentials yet", services)
    {
        Arguments.Add(_name);
        Options.Add(_output);
        Examples = ["planton runner register prod-runner", "planton runner register shared --platform"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var owner = Owner(context, session);
        var runner = await session.Api.RegisterRunnerAsync(owner, context.Parsed.GetRequiredValue(_name), cancellationToken).ConfigureAwait(false);
        context.Say($"Registered runner {runner.Name} {Describe(owner)}. Next: planton runner generate-credentials {runner.Name}");
        return ResultPrinter.Print(
            context,
            OutputOption.Parse(context.Parsed.GetValue(_output)),
            runner,
            CliJson.Readable.Runner,
            output => RunnerTable.WriteList(output, [runner], Environment.Time),
            $"runner/{runner.Name}");
    }
}
