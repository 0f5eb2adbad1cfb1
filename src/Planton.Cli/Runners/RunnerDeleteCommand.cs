using System.CommandLine;
using Planton.Api.Routing;
using Planton.Api.Runners;
using Planton.Cli.Credentials;
using Planton.Cli.Invocation;

namespace Planton.Cli.Runners;

/// <summary><c>planton runner delete</c></summary>
internal sealed class RunnerDeleteCommand : RunnerVerb
{
    private readonly Argument<string> _name = RunnerCommand.NameArgument();
    private readonly Option<bool> _yes = Confirmation.CreateOption();

    public RunnerDeleteCommand(VerbServices services)
        : base("delete", "Remove a runner with its credentials, cutting what runs through it; tells first what loses its route", services)
    {
        Arguments.Add(_name);
        Options.Add(_yes);
        Examples = ["planton runner delete old-runner", "planton runner delete shared --platform --yes"];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var name = context.Parsed.GetRequiredValue(_name);
        var owner = Owner(context, session);
        var impact = await session.Api.GetRunnerImpactAsync(owner, name, cancellationToken).ConfigureAwait(false);
        Describe(context, $"runner {name} {Describe(owner)}", impact);
        if (await Confirmation.AskAsync(context, context.Parsed.GetValue(_yes), lost: "", $"Delete runner {name}?", cancellationToken).ConfigureAwait(false) is { } refusal)
            return context.Fail(refusal);
        var summary = await session.Api.DeleteRunnerAsync(owner, name, cancellationToken).ConfigureAwait(false);
        context.Say($"Deleted runner {name}. {Endings.Of(summary)}");
        context.Say("What was deployed is left: remove it where it runs.");
        return ExitCode.Ok;
    }

    private static void Describe(CommandContext context, string runner, RunnerImpact impact)
    {
        context.Say($"Deleting {runner} ends {Endings.Of(impact)}.");
        var connections = (impact.Connections ?? []).ToList();
        if (impact.OtherConnections > 0)
            connections.Add($"{impact.OtherConnections} of organizations that you are no member of");
        if (connections.Count > 0)
            context.Say($"Connections that lose their route: {string.Join(", ", connections)}");
        foreach (var level in impact.DefaultLevels ?? [])
            context.Say(level == RouteLevelName.Platform ? "It is the default runner of the platform." : "It is the default runner of the organization.");
    }
}
