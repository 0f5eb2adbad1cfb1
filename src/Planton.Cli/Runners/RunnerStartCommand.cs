using System.CommandLine;
using Planton.Cli.Completions;
using Planton.Cli.Invocation;

namespace Planton.Cli.Runners;

/// <summary><c>planton runner start</c>: finds the credentials and the runner's program, and becomes it.</summary>
internal sealed class RunnerStartCommand : Verb
{
    private readonly Argument<string?> _name = new("NAME")
    {
        Description = "A runner whose credentials are in the local store (generate-credentials --save); not needed when there is only one",
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

    private readonly Option<bool> _proxyResolvesNames = new("--proxy-resolves-names")
    {
        Description = "Hand names of inline connections' clusters to the egress proxy, which must refuse cloud metadata addresses",
    };

    private readonly Option<bool> _platform = new("--platform") { Description = "NAME is a runner of the platform" };

    public RunnerStartCommand(VerbServices services)
        : base("start", "Run a runner here, in the foreground", services)
    {
        Arguments.Add(NameCompletion.Offer(_name, NameKind.LocalRunner));
        Options.Add(_credentialsFile);
        Options.Add(_platform);
        foreach (var option in _passedOn)
            Options.Add(option);
        Options.Add(_proxyResolvesNames);
        Examples =
        [
            "planton runner start --credentials-file ./prod-runner/credentials.json",
            "planton runner start prod-runner --org acme",
            "planton runner start --verbose",
        ];
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var credentials = new RunnerCredentialsFinder(context);
        if (credentials.Find(context.Parsed.GetValue(_credentialsFile), context.Parsed.GetValue(_name), context.Parsed.GetValue(_platform)) is { } error)
            return context.Fail(error);
        if (context.Verbose)
        {
            context.Say($"Credentials: {credentials.Winner}");
            foreach (var source in credentials.Sources)
                context.Say(source.ToString());
        }

        if (RunnerProgram.Find(Environment, context.Home, out var looked) is not { } program)
            return context.Fail(CliError.Usage(
                $"the program planton-runner was not found; looked in: {string.Join(", ", looked)}",
                "Put planton-runner beside planton or on PATH."));

        List<string> arguments = ["start", .. Expected(context, credentials)];
        if (credentials.File.Length > 0)
            arguments.AddRange(["--credentials-file", credentials.File]);
        foreach (var option in _passedOn)
        {
            if (context.Parsed.GetValue(option) is { } value)
                arguments.AddRange([option.Name, value]);
        }

        if (context.Parsed.GetValue(_proxyResolvesNames))
            arguments.Add(_proxyResolvesNames.Name);

        await context.Console.Out.FlushAsync(cancellationToken).ConfigureAwait(false);
        return await Environment.Launcher.RunAsync(program, arguments, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What the runner compares the credentials with: another runner's are refused. The store's were chosen by it.</summary>
    private List<string> Expected(CommandContext context, RunnerCredentialsFinder credentials)
    {
        List<string> expected = [];
        if (credentials.IsStored)
            return expected;
        if (context.Parsed.GetValue(_name) is { } name)
            expected.Add(name);
        if (context.GivenTarget.Organization is { } organization)
            expected.AddRange(["--org", organization]);
        return expected;
    }
}
