using System.CommandLine;
using Planton.Api.Connections;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Connections;

/// <summary><c>planton connection create kubernetes</c></summary>
internal sealed class ConnectionCreateKubernetesCommand : OrganizationVerb
{
    private const string Inline = "inline";

    private readonly Argument<string> _name = ConnectionCommand.NameArgument();
    private readonly Option<string?> _runner = new("--runner") { Description = "The runner that reaches the cluster (default: the default runner)", HelpName = "RUNNER" };
    private readonly Option<string> _authMode = new Option<string>("--auth-mode")
    {
        Description = "runner: the runner's own credentials are used, and none are stored here; inline: those of --kubeconfig are stored here, encrypted, and sent with each request",
        HelpName = "MODE",
        DefaultValueFactory = _ => "runner",
    }.AcceptOnlyFromAmong("runner", Inline);

    private readonly Option<string?> _kubeconfig = new("--kubeconfig")
    {
        Description = "For --auth-mode inline: the kubeconfig whose credentials are taken, with the files that it names",
        HelpName = "FILE",
    };

    private readonly Option<string?> _context = new("--kube-context")
    {
        Description = "A context of the runner's kubeconfig (default: its current one, or the cluster it runs in), or of --kubeconfig",
        HelpName = "CONTEXT",
    };

    private readonly Option<string[]> _environments = ConnectionCommand.EnvironmentsOption();
    private readonly Option<string> _output = OutputOption.Create();

    public ConnectionCreateKubernetesCommand(VerbServices services)
        : base("kubernetes", "Make a connection to a Kubernetes cluster", services)
    {
        Arguments.Add(_name);
        foreach (Option option in (Option[])[_runner, _authMode, _kubeconfig, _context, _environments, _output])
            Options.Add(option);
        Validators.Add(result =>
        {
            if (result.GetValue(_authMode) == Inline != (result.GetValue(_kubeconfig) is not null))
                result.AddError("--auth-mode inline and --kubeconfig FILE go together.");
        });
        Examples =
        [
            "planton connection create kubernetes prod --runner prod-runner",
            "planton connection create kubernetes staging --runner laptop --kube-context kind-staging",
            "planton connection create kubernetes eks --runner prod-runner --auth-mode inline --kubeconfig eks.yaml",
            "planton connection create kubernetes prod --runner prod-runner --environment prod",
        ];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var kubeContext = context.Parsed.GetValue(_context);
        var target = new KubernetesTarget { Context = kubeContext };
        if (context.Parsed.GetValue(_kubeconfig) is { } file)
        {
            var (text, error) = InlineKubeconfig.Read(file, kubeContext);
            if (error is not null)
                return context.Fail(error);
            target = new KubernetesTarget { Kubeconfig = text };
        }

        var request = new CreateConnectionRequest
        {
            Name = context.Parsed.GetRequiredValue(_name),
            Kind = "kubernetes",
            AuthMode = context.Parsed.GetValue(_authMode),
            Runner = context.Parsed.GetValue(_runner),
            Kubernetes = target,
            Environments = context.Parsed.GetValue(_environments) is { Length: > 0 } environments ? environments : null,
        };
        var connection = await session.Api.CreateConnectionAsync(session.Organization, request, cancellationToken).ConfigureAwait(false);
        context.Say($"Made connection {connection.Name}. Try it: planton connection test {connection.Name}");
        return ConnectionCommand.Print(context, context.Parsed.GetValue(_output), connection);
    }
}
