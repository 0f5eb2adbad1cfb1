using System.CommandLine;
using System.Text.Json;
using Planton.Cli.Files;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Runners;

/// <summary><c>planton runner generate-credentials</c>: the only time that a runner's keys are seen.</summary>
internal sealed class GenerateCredentialsCommand : RunnerVerb
{
    private const string FileName = "credentials.json";

    private readonly Argument<string> _name = RunnerCommand.NameArgument();
    private readonly Option<string?> _outputDirectory = new("--output-dir") { Description = "Write DIR/credentials.json (0600) instead of standard output", HelpName = "DIR" };
    private readonly Option<string> _outputFormat = new Option<string>("--output-format")
    {
        Description = "json, or k8s-secret: a manifest for kubectl apply -f -",
        HelpName = "FORMAT",
        DefaultValueFactory = _ => "json",
    }.AcceptOnlyFromAmong("json", "k8s-secret");

    private readonly Option<bool> _save = new("--save") { Description = "Keep them under ~/.planton, where planton runner start NAME finds them" };
    private readonly Option<string?> _secretName = new("--secret-name") { Description = "The Secret's name (default: planton-runner-NAME)", HelpName = "NAME" };
    private readonly Option<string?> _namespace = new("--namespace") { Description = "The Secret's namespace", HelpName = "NAMESPACE" };

    public GenerateCredentialsCommand(VerbServices services)
        : base("generate-credentials", "Make new credentials for a runner, registering it if need be; earlier ones stay valid", services)
    {
        Arguments.Add(_name);
        foreach (Option option in (Option[])[_outputDirectory, _outputFormat, _save, _secretName, _namespace])
            Options.Add(option);
        Validators.Add(result =>
        {
            var secret = result.GetValue(_outputFormat) == "k8s-secret";
            if (secret && (result.GetValue(_outputDirectory) is not null || result.GetValue(_save)))
                result.AddError("--output-format k8s-secret is printed: it cannot go with --output-dir or --save.");
            if (!secret && (result.GetValue(_secretName) ?? result.GetValue(_namespace)) is not null)
                result.AddError("--secret-name and --namespace belong to --output-format k8s-secret.");
        });
        Examples =
        [
            "planton runner generate-credentials prod-runner --output-dir ./prod-runner",
            "planton runner generate-credentials prod-runner --save && planton runner start prod-runner",
            "planton runner generate-credentials prod-runner --output-format k8s-secret --namespace planton | kubectl apply -f -",
        ];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var name = context.Parsed.GetRequiredValue(_name);
        var owner = Owner(context, session);
        var answer = await session.Api.GenerateCredentialsAsync(owner, name, cancellationToken).ConfigureAwait(false);
        if (answer.Credentials is null)
            return context.Fail(new CliError("the server's answer holds no credentials", "Check that this program and the server are of versions that go together: planton version."));
        if (answer.Registered)
            context.Say($"registered runner {name} {Describe(owner)}");

        var json = JsonSerializer.Serialize(answer.Credentials, CliJson.Readable.RunnerCredentials) + "\n";
        var files = Files(context, owner, name).ToArray();
        foreach (var file in files)
        {
            PrivateFile.Write(file, json);
            context.Say($"wrote {file}");
        }

        if (files.Length == 0)
            await context.Console.Out.WriteAsync(context.Parsed.GetValue(_outputFormat) == "k8s-secret"
                ? CredentialsSecret.ToManifest(name, owner, json, context.Parsed.GetValue(_secretName), context.Parsed.GetValue(_namespace))
                : json).ConfigureAwait(false);
        return ExitCode.Ok;
    }

    private IEnumerable<string> Files(CommandContext context, string? owner, string name)
    {
        if (context.Parsed.GetValue(_outputDirectory) is { } directory)
            yield return Path.Combine(directory, FileName);
        if (context.Parsed.GetValue(_save))
            yield return context.Home.RunnerCredentials(owner, name);
    }
}
