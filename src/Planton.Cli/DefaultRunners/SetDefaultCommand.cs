using System.CommandLine;
using Planton.Cli.Invocation;
using Planton.Cli.Runners;

namespace Planton.Cli.DefaultRunners;

/// <summary><c>planton runner set-default</c></summary>
internal sealed class SetDefaultCommand : DefaultRunnerVerb
{
    private readonly Argument<string> _name = RunnerCommand.NameArgument();

    public SetDefaultCommand(VerbServices services)
        : base("set-default", "Set the runner that connections use when they name none", services)
    {
        Arguments.Add(_name);
        Examples = ["planton runner set-default prod-runner", "planton runner set-default shared --platform"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var owner = Owner(context, session);
        var name = context.Parsed.GetRequiredValue(_name);
        var runners = await session.Api.SetDefaultRunnerAsync(owner, name, cancellationToken).ConfigureAwait(false);
        context.Say($"Default runner of {Describe(owner)}: {name}. {Describe(runners)}");
        return ExitCode.Ok;
    }
}
