using System.CommandLine;
using Planton.Cli.Invocation;
using Planton.Cli.Runners;

namespace Planton.Cli.Credentials;

/// <summary><c>planton runner generate-credentials</c>: the only time that a runner's keys are seen.</summary>
internal sealed class GenerateCredentialsCommand : RunnerVerb
{
    private readonly Argument<string> _name = RunnerCommand.NameArgument();
    private readonly CredentialsOutput _output = new();
    private readonly Option<TimeSpan?> _validFor = ValidFor.CreateOption();

    public GenerateCredentialsCommand(VerbServices services)
        : base("generate-credentials", "Make new credentials for a runner, registering it if need be; earlier ones stay valid", services)
    {
        Arguments.Add(_name);
        _output.AddTo(this);
        Options.Add(_validFor);
        Examples =
        [
            "planton runner generate-credentials prod-runner --output-dir ./prod-runner",
            "planton runner generate-credentials prod-runner --output-dir ./prod-runner --valid-for 24h",
            "planton runner generate-credentials prod-runner --save && planton runner start prod-runner",
            "planton runner generate-credentials prod-runner --output-format k8s-secret --namespace planton | kubectl apply -f -",
        ];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var name = context.Parsed.GetRequiredValue(_name);
        var owner = Owner(context, session);
        if (_output.Prepare(context, owner, name) is { } unfit)
            return context.Fail(unfit);
        var answer = await session.Api.GenerateCredentialsAsync(owner, name, ValidFor.Request(context.Parsed.GetValue(_validFor)), cancellationToken).ConfigureAwait(false);
        if (answer.Credentials is null)
            return context.Fail(CredentialErrors.NoneAnswered);
        if (answer.Registered)
            context.Say($"registered runner {name} {Describe(owner)}");
        await _output.WriteAsync(context, owner, name, answer.Credentials).ConfigureAwait(false);
        return ExitCode.Ok;
    }
}
