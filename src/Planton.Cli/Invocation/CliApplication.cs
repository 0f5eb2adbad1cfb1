using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Planton.Api;
using Planton.Cli.ApiKeys;
using Planton.Cli.Audit;
using Planton.Cli.Auth;
using Planton.Cli.Completions;
using Planton.Cli.Configuration;
using Planton.Cli.Connections;
using Planton.Cli.Contexts;
using Planton.Cli.Environments;
using Planton.Cli.Explanations;
using Planton.Cli.Hosting;
using Planton.Cli.Kubeconfigs;
using Planton.Cli.Kubectl;
using Planton.Cli.Members;
using Planton.Cli.Organizations;
using Planton.Cli.Runners;
using Planton.Cli.Secrets;
using Planton.Cli.ServiceAccounts;
using Planton.Cli.Users;
using Planton.Cli.Variables;
using Planton.Cli.Versions;

namespace Planton.Cli.Invocation;

/// <summary>The command tree, and how one command line runs through it.</summary>
internal sealed class CliApplication
{
    private const string Description = $"""
        Planton: work with what is behind your runners.

        Settings come from flags, then from PLANTON_SERVER, PLANTON_ORG and PLANTON_API_KEY, then from the current context in
        ~/.planton/config.yaml ({PlantonHome.Variable} names another directory).
        Exit codes: 0 ok, 1 failed, 2 usage or configuration, 3 not found, 4 not authenticated or not allowed,
        5 runner unreachable, 130 interrupted.
        """;

    private readonly CliEnvironment _environment;
    private readonly RootCommand _root;
    private readonly NameFetcher _names;

    public CliApplication(CliEnvironment environment)
    {
        _environment = environment;
        var services = new VerbServices(environment);
        _root = new RootCommand(Description)
        {
            AuthCommand.Create(services),
            ContextCommand.Create(services),
            OrganizationCommand.Create(services),
            MemberCommand.Create(services),
            RunnerCommand.Create(services),
            ConnectionCommand.Create(services),
            EnvironmentCommand.Create(services),
            SecretCommand.Create(services),
            VariableCommand.Create(services),
            ServiceAccountCommand.Create(services),
            ApiKeyCommand.Create(services),
            UserCommand.Create(services),
            AuditCommand.Create(services),
            ExplainCommand.Create(services),
            new KubeconfigCommand(services),
            KubectlCommand.Create(services),
            new VersionCommand(services),
            new CompletionCommand(services),
        };
        services.Global.AddTo(_root);
        _names = new NameFetcher(_root, services);
        foreach (var option in _root.Options.OfType<HelpOption>())
        {
            var help = (HelpAction)option.Action!;
            // A file or a pager has no width; without this the terminal's is taken for it.
            if (!environment.Console.IsOutputTerminal)
                help.MaxWidth = int.MaxValue;
            option.Action = new ExampleHelpAction(help);
            // Elsewhere than on Windows these are paths, and completion would offer them as words.
            option.Aliases.Remove("/?");
            option.Aliases.Remove("/h");
        }
    }

    /// <summary>Parses without running.</summary>
    public ParseResult Parse(IReadOnlyList<string> arguments) => _root.Parse(arguments);

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var console = _environment.Console;
        await _names.PrepareAsync(arguments, cancellationToken).ConfigureAwait(false);
        var parsed = Parse(arguments.Count == 0 ? ["--help"] : arguments);
        try
        {
            if (parsed.Action is ParseErrorAction || (parsed.Action is null && parsed.Errors.Count > 0))
                return ReportUsage(parsed);
            var exitCode = await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = console.Out,
                    Error = console.Error,
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                },
                cancellationToken).ConfigureAwait(false);
            if (console.TryFlush(out var fault) || fault is null || exitCode != ExitCode.Ok)
                return exitCode;
            // A full disk must not look like success to the script that reads the file afterwards.
            console.Error.WriteLine($"Error: the output could not be written: {SafeText.OneLine(fault)}");
            return ExitCode.Failed;
        }
        finally
        {
            console.TryFlush(out _);
        }
    }

    private int ReportUsage(ParseResult parsed)
    {
        var error = _environment.Console.Error;
        // The parser lists what is allowed in lines of its own.
        foreach (var message in parsed.Errors.Select(fault => string.Join(' ', fault.Message.Split(['\n', '\t'], StringSplitOptions.RemoveEmptyEntries))).Distinct())
            error.WriteLine($"Error: {SafeText.OneLine(message)}");
        var path = string.Join(' ', parsed.CommandResult.Command.Parents.OfType<Command>().Reverse()
            .Append(parsed.CommandResult.Command).Where(command => command is not RootCommand).Select(command => command.Name).Prepend("planton"));
        error.WriteLine($"Hint: {path} --help");
        return ExitCode.Usage;
    }
}
