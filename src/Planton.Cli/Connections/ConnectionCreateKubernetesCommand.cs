using System.CommandLine;
using Planton.Api.Connections;
using Planton.Cli.Invocation;
using Planton.Cli.Output;

namespace Planton.Cli.Connections;

/// <summary><c>planton connection create kubernetes</c></summary>
internal sealed class ConnectionCreateKubernetesCommand : OrganizationVerb
{
    private readonly Argument<string> _name = ConnectionCommand.NameArgument();
    private readonly Option<string?> _runner = new("--runner") { Description = "The runner that reaches the cluster (default: the default runner)", HelpName = "RUNNER" };
    private readonly Option<string> _authMode = new Option<string>("--auth-mode")
    {
        Description = "runner: the runner's own credentials are used, and none are stored here",
        HelpName = "MODE",
        DefaultValueFactory = _ => "runner",
    }.AcceptOnlyFromAmong("runner");

    private readonly Option<string?> _context = new("--kube-context")
    {
        Description = "A context of the runner's kubeconfig (default: its current one, or the cluster it runs in)",
        HelpName = "CONTEXT",
    };

    private readonly Option<string> _output = OutputOption.Create();

    public ConnectionCreateKubernetesCommand(VerbServices services)
        : base("kubernetes", "Make a connection to a Kubernetes cluster", services)
    {
        Arguments.Add(_name);
        foreach (Option option in (Option[])[_runner, _authMode, _context, _output])
            Options.Add(option);
        Examples =
        [
            "planton connection create kubernetes prod --runner prod-runner",
            "planton connection create kubernetes staging --runner laptop --kube-context kind-staging",
        ];
    }

    protected override async Task<int> RunAsync(CommandContext context, Session session, CancellationToken cancellationToken)
    {
        var request = new CreateConnectionRequest
        {
            Name = context.Parsed.GetRequiredValue(_name),
            Kind = "kubernetes",
            AuthMode = context.Parsed.GetValue(_authMode),
            Runner = context.Parsed.GetValue(_runner),
            Kubernetes = new KubernetesTarget { Context = context.Parsed.GetValue(_context) },
        };
        var connection = await session.Api.CreateConnectionAsync(session.Organization, request, cancellationToken).ConfigureAwait(false);
        context.Say($"Made connection {connection.Name}. Try it: planton connection test {connection.Name}");
        return ConnectionCommand.Print(context, context.Parsed.GetValue(_output), connection);
    }
}
