using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Planton.Api;
using Planton.Runner.Credentials;
using Planton.Runner.Logging;
using Planton.Runner.Startup;

namespace Planton.Runner.Commands;

/// <summary><c>planton-runner start</c>: reads the command line into settings.</summary>
internal sealed class StartCommand
{
    private const string Off = "off";

    private readonly Argument<string?> _name = new("NAME")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "The runner in the local store (~/.planton, or PLANTON_HOME); not needed when there is only one",
    };

    private readonly Option<string?> _org = Text("--org", "ORG", "The runner's organization in the local store");

    private readonly Option<bool> _platform = new("--platform") { Description = "The runner is one of the platform in the local store" };

    private readonly Option<bool> _verbose = new("--verbose") { Description = "Say where the credentials were looked for, and which were taken" };

    private readonly Option<string?> _credentialsFile = Text("--credentials-file", "FILE",
        "The runner's credentials.json [env: PLANTON_RUNNER_CREDENTIALS_FILE; PLANTON_RUNNER_CREDENTIALS holds the JSON itself]");

    private readonly Option<string?> _kubeConfig = Text("--kubeconfig", "FILE",
        "The kubeconfig to reach clusters with; else KUBECONFIG, else the pod's service account, else ~/.kube/config");

    private readonly Option<bool> _proxyResolvesNames = new("--proxy-resolves-names")
    {
        Description = "Hand the names of inline connections' clusters to the egress proxy without resolving them here; the proxy must refuse cloud metadata addresses",
    };

    private readonly Option<string?> _stateDirectory = Text("--state-dir", "DIR",
        "The one folder that the runner writes to: certificates that it renews, without which a restart begins with those of its credentials");

    private readonly Option<string?> _health = Text("--health", "ADDR:PORT",
        $"Where /healthz/live and /healthz/ready are answered; port 0 takes a free one, '{Off}' none [default: {StartSettings.DefaultHealth}]");

    private readonly Option<TimeSpan?> _startTimeout = Time("--start-timeout",
        "How long tunnel and authentication may take together; then exit code 5 [default: 60s]");

    private readonly Option<TimeSpan?> _drainTimeout = Time("--drain-timeout",
        "How long operations under way may go on when the runner stops [default: 20s]");

    private readonly Option<LogLevel?> _logLevel = new("--log-level")
    {
        HelpName = "debug|info|warn|error",
        Description = "What is logged, to standard error [default: info]",
        CustomParser = ParseLevel,
    };

    private readonly Option<LogFormat?> _logFormat = new("--log-format")
    {
        HelpName = "text|json",
        Description = "One line an event, as text or as JSON [default: text]",
        CustomParser = ParseFormat,
    };

    /// <param name="run">Called with the settings; its result is the exit code.</param>
    public Command Build(Func<StartSettings, Task<int>> run)
    {
        var command = new Command("start",
            """
            Connects to the control plane and executes its operations until it is stopped.

            Examples:
              planton-runner start --credentials-file credentials.json
              planton-runner start prod-runner --org acme --kubeconfig ~/.kube/config
              planton-runner start --credentials-file /etc/planton/credentials.json --health 0.0.0.0:8081 --log-format json

            Exit codes: 0 stopped, 2 bad configuration or credentials, 4 refused, 5 control plane unreachable.
            """)
        {
            _name, _org, _platform, _credentialsFile, _kubeConfig, _proxyResolvesNames, _stateDirectory, _health, _startTimeout, _drainTimeout, _logLevel, _logFormat, _verbose,
        };
        _name.Validators.Add(result =>
        {
            // A misspelt flag arrives here, since anything may be a name to the parser.
            if (result.Tokens is [{ Value: var name }] && !Slug.IsValid(name))
                result.AddError($"'{name}' is neither a flag nor a runner's name");
        });
        _health.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && text != Off && Health(text) is null)
                result.AddError($"--health: write an IP address (or localhost) and a port, such as {StartSettings.DefaultHealth}, or {Off}");
        });
        command.SetAction((result, _) => run(Settings(result)));
        return command;
    }

    private StartSettings Settings(ParseResult result) => new()
    {
        Credentials = new CredentialsRequest(
            result.GetValue(_name), result.GetValue(_org), result.GetValue(_credentialsFile), result.GetValue(_platform)),
        Verbose = result.GetValue(_verbose),
        KubeConfig = result.GetValue(_kubeConfig),
        ProxyResolvesNames = result.GetValue(_proxyResolvesNames),
        StateDirectory = result.GetValue(_stateDirectory),
        Health = Health(result.GetValue(_health) ?? StartSettings.DefaultHealth),
        StartTimeout = result.GetValue(_startTimeout) ?? StartSettings.DefaultStartTimeout,
        DrainTimeout = result.GetValue(_drainTimeout) ?? StartSettings.DefaultDrainTimeout,
        LogLevel = result.GetValue(_logLevel) ?? LogLevel.Information,
        LogFormat = result.GetValue(_logFormat) ?? LogFormat.Text,
    };

    private static Option<string?> Text(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description };

    private static Option<TimeSpan?> Time(string name, string description) => new(name)
    {
        HelpName = "DURATION",
        Description = description,
        CustomParser = result =>
        {
            if (Duration.Parse(result.Tokens[0].Value) is { } value && value > TimeSpan.Zero)
                return value;
            result.AddError($"{name}: {Duration.Rule}");
            return null;
        },
    };

    /// <summary>Null when it is off, or not an address.</summary>
    private static HostAndPort? Health(string text) =>
        HostAndPort.TryParse(text, out var value) && (value.Host == "localhost" || IPAddress.TryParse(value.Host, out _)) ? value : null;

    private static LogLevel? ParseLevel(ArgumentResult result)
    {
        switch (result.Tokens[0].Value.ToLowerInvariant())
        {
            case "trace": return LogLevel.Trace;
            case "debug": return LogLevel.Debug;
            case "info" or "information": return LogLevel.Information;
            case "warn" or "warning": return LogLevel.Warning;
            case "error": return LogLevel.Error;
        }

        result.AddError("--log-level: write debug, info, warn or error");
        return null;
    }

    private static LogFormat? ParseFormat(ArgumentResult result)
    {
        switch (result.Tokens[0].Value.ToLowerInvariant())
        {
            case "text": return LogFormat.Text;
            case "json": return LogFormat.Json;
        }

        result.AddError("--log-format: write text or json");
        return null;
    }
}
