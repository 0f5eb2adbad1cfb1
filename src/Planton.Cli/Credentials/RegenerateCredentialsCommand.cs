using System.CommandLine;
using Planton.Cli.Invocation;
using Planton.Cli.Runners;

namespace Planton.Cli.Credentials;

/// <summary><c>planton runner regenerate-credentials</c></summary>
internal sealed class RegenerateCredentialsCommand : RunnerVerb
{
    private readonly Argument<string> _name = RunnerCommand.NameArgument();
    private readonly CredentialsOutput _output = new();
    private readonly Option<TimeSpan?> _validFor = ValidFor.CreateOption();
    private readonly Option<bool> _yes = Confirmation.CreateOption();

    public RegenerateCredentialsCommand(VerbServices services)
        : base("regenerate-credentials", "Make new credentials for a runner and revoke all earlier ones, cutting what runs with them", services)
    {
        Arguments.Add(_name);
        _output.AddTo(this);
        Options.Add(_validFor);
        Options.Add(_yes);
        Examples =
        [
            "planton runner regenerate-credentials prod-runner --output-dir ./prod-runner",
            "planton runner regenerate-credentials prod-runner --save --yes",
        ];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var name = context.Parsed.GetRequiredValue(_name);
        var owner = Owner(context, session);
        if (!context.Parsed.GetValue(_yes))
        {
            // Where nothing is lost there is nothing to ask.
            var impact = await session.Api.GetRunnerImpactAsync(owner, name, cancellationToken).ConfigureAwait(false);
            if (impact.Credentials + impact.Tunnels > 0)
            {
                context.Say($"Every earlier credential of runner {name} {Describe(owner)} is revoked, which ends {Endings.Of(impact)}.");
                if (await Confirmation.AskAsync(context, yes: false, lost: "", $"Regenerate the credentials of runner {name}?", cancellationToken).ConfigureAwait(false) is { } refusal)
                    return context.Fail(refusal);
            }
        }

        if (_output.Prepare(context, owner, name) is { } unfit)
            return context.Fail(unfit);
        var answer = await session.Api.RegenerateCredentialsAsync(owner, name, ValidFor.Request(context.Parsed.GetValue(_validFor)), cancellationToken).ConfigureAwait(false);
        if (answer.Credentials is null)
            return context.Fail(CredentialErrors.NoneAnswered);
        if (answer.Revoked is { } revoked)
            context.Say(Endings.Of(revoked));
        await _output.WriteAsync(context, owner, name, answer.Credentials).ConfigureAwait(false);
        return ExitCode.Ok;
    }
}
