using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Planton.Api;
using Planton.Cli.Invocation;

namespace Planton.Cli.Runners;

/// <summary><c>planton runner start</c>: finds the credentials and the runner's program, and becomes it.</summary>
internal sealed class RunnerStartCommand : Verb
{
    private readonly Argument<string?> _name = new("NAME")
    {
        Description = "A runner whose credentials are in the local store (generate-credentials --save)",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _credentialsFile = new("--credentials-file")
    {
        Description = "The credentials (PLANTON_RUNNER_CREDENTIALS_FILE, or PLANTON_RUNNER_CREDENTIALS with the JSON itself)",
        HelpName = "FILE",
    };

    private readonly Option<string?>[] _passedOn =
    [
        new("--kubeconfig") { Description = "The kubeconfig for Kubernetes connections", HelpName = "FILE" },
        new("--state-dir") { Description = "Where the runner keeps its state", HelpName = "DIR" },
        new("--health") { Description = "Where the health endpoint listens", HelpName = "ADDR:PORT" },
        new("--start-timeout") { Description = "How long to try to reach the control plane", HelpName = "DURATION" },
        new("--drain-timeout") { Description = "How long operations under way may go on when the runner stops", HelpName = "DURATION" },
        new("--log-level") { Description = "What the runner logs: debug, info, warn or error", HelpName = "LEVEL" },
        new("--log-format") { Description = "How it logs: text or json", HelpName = "FORMAT" },
    ];

    private readonly Option<bool> _platform = new("--platform") { Description = "NAME is a runner of the platform" };

    public RunnerStartCommand(VerbServices services)
        : base("start", "Run a runner here, in the foreground", services)
    {
        Arguments.Add(_name);
        Options.Add(_credentialsFile);
        Options.Add(_platform);
        foreach (var option in _passedOn)
            Options.Add(option);
        Examples =
        [
            "planton runner start --credentials-file ./prod-runner/credentials.json",
            "planton runner start prod-runner --org acme",
        ];
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        if (!TryFindCredentials(context, out var credentialsFile, out var source, out var error))
            return context.Fail(error);
        if (context.Verbose)
            context.Say($"Credentials: {source}");
        if (RunnerProgram.Find(Environment, context.Home, out var looked) is not { } program)
            return context.Fail(CliError.Usage(
                $"the program planton-runner was not found; looked in: {string.Join(", ", looked)}",
                "Put planton-runner beside planton or on PATH."));

        List<string> arguments = ["start"];
        if (credentialsFile.Length > 0)
            arguments.AddRange(["--credentials-file", credentialsFile]);
        foreach (var option in _passedOn)
        {
            if (context.Parsed.GetValue(option) is { } value)
                arguments.AddRange([option.Name, value]);
        }

        await context.Console.Out.FlushAsync(cancellationToken).ConfigureAwait(false);
        return await Environment.Launcher.RunAsync(program, arguments, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Flag, then environment, then the local store. Empty when the runner finds them in its environment.</summary>
    private bool TryFindCredentials(
        CommandContext context, [NotNullWhen(true)] out string? file, [NotNullWhen(true)] out string? source, [NotNullWhen(false)] out CliError? error)
    {
        error = null;
        file = context.Parsed.GetValue(_credentialsFile);
        source = $"--credentials-file {file}";
        if (file is not null)
            return true;
        foreach (var variable in (string[])["PLANTON_RUNNER_CREDENTIALS_FILE", "PLANTON_RUNNER_CREDENTIALS"])
        {
            if (Environment.NonEmptyVariable(variable) is null)
                continue;
            (file, source) = ("", $"the environment variable {variable}");
            return true;
        }

        var name = context.Parsed.GetValue(_name);
        if (name is null)
        {
            error = CliError.Usage("no credentials are given", "Give --credentials-file FILE, set PLANTON_RUNNER_CREDENTIALS_FILE, or name a runner of the local store.");
            return false;
        }

        if (!Slug.IsValid(name))
        {
            error = CliError.Usage($"'{name}' is not a runner's name", $"A name is {Slug.Rule}.");
            return false;
        }

        string? organization = null;
        if (!context.Parsed.GetValue(_platform))
        {
            if (!context.TryLoadSettings(out var settings, out error))
                return false;
            organization = settings.Organization;
            if (organization is null)
            {
                error = CliError.Usage("no organization is chosen", "Give --org ORG, or planton context set --org ORG.");
                return false;
            }
        }

        file = context.Home.RunnerCredentials(organization, name);
        source = $"the local store, {file}";
        if (File.Exists(file))
            return true;
        error = CliError.Usage(
            $"the local store has no credentials of runner {name}: {file} does not exist",
            $"planton runner generate-credentials {name} --save");
        file = null;
        return false;
    }
}
