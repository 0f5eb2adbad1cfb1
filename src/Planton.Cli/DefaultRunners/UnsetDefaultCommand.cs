using Planton.Cli.Invocation;

namespace Planton.Cli.DefaultRunners;

/// <summary><c>planton runner unset-default</c></summary>
internal sealed class UnsetDefaultCommand : DefaultRunnerVerb
{
    public UnsetDefaultCommand(VerbServices services)
        : base("unset-default", "Unset the default runner; the next level's is used then", services) =>
        Examples = ["planton runner unset-default", "planton runner unset-default --platform"];

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var owner = Owner(context, session);
        var runners = await session.Api.UnsetDefaultRunnerAsync(owner, cancellationToken).ConfigureAwait(false);
        context.Say($"No default runner of {Describe(owner)}. {Describe(runners)}");
        return ExitCode.Ok;
    }
}
