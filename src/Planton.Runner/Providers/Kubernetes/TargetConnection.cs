using Planton.Runner.Providers.Kubernetes.Authentication;

namespace Planton.Runner.Providers.Kubernetes;

/// <summary>
/// The pooled connections to one target with one client certificate. Closed when it is retired and the last operation on it has
/// ended, so that a changed kubeconfig cuts nothing that runs.
/// </summary>
internal sealed class TargetConnection(HttpMessageInvoker invoker, ClientCertificate? certificate)
{
    private readonly Lock _gate = new();
    private int _leases;
    private bool _retired;

    public HttpMessageInvoker Invoker { get; } = invoker;

    public ClientCertificate? Certificate { get; } = certificate;

    public void Acquire()
    {
        lock (_gate)
            _leases++;
    }

    public void Release()
    {
        bool last;
        lock (_gate)
            last = --_leases == 0 && _retired;
        if (last)
            Invoker.Dispose();
    }

    public void Retire()
    {
        bool last;
        lock (_gate)
        {
            last = !_retired && _leases == 0;
            _retired = true;
        }

        if (last)
            Invoker.Dispose();
    }
}
