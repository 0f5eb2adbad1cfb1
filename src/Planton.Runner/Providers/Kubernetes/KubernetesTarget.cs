using Planton.Runner.Providers.Kubernetes.Authentication;

namespace Planton.Runner.Providers.Kubernetes;

/// <summary>One cluster with one way to log in, and its connections.</summary>
internal sealed class KubernetesTarget(TargetDefinition definition, ITargetAuthenticator authenticator, TargetHandlerFactory handlers)
{
    private readonly Lock _gate = new();
    private TargetConnection? _connection;
    private bool _retired;

    public TargetDefinition Definition { get; } = definition;

    public async ValueTask<TargetAttempt<TargetLease>> LeaseAsync(CancellationToken cancellationToken)
    {
        var credential = await authenticator.GetAsync(cancellationToken);
        if (credential.Fault is { } fault)
            return fault;
        var certificate = credential.Value!.Certificate;
        lock (_gate)
        {
            // A client certificate belongs to a connection, not to a request: a new one needs new connections.
            if (_connection is null || !Equals(_connection.Certificate, certificate))
            {
                var handler = handlers.Create(Definition, certificate);
                if (handler.Fault is { } misconfigured)
                    return misconfigured;
                _connection?.Retire();
                _connection = new TargetConnection(
                    new HttpMessageInvoker(new AuthenticatingHandler(authenticator, Definition.HostHeader, handler.Value!)), certificate);
            }

            _connection.Acquire();
            if (_retired)
                _connection.Retire();
            return new TargetLease(Definition, handlers.ProxyName(Definition), _connection);
        }
    }

    public void Retire()
    {
        lock (_gate)
        {
            _retired = true;
            _connection?.Retire();
        }
    }
}
