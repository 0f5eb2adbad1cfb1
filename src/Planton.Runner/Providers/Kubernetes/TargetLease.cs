namespace Planton.Runner.Providers.Kubernetes;

/// <summary>The right to use a target's connections for one operation.</summary>
internal sealed class TargetLease(TargetDefinition definition, string? proxy, TargetConnection connection) : IDisposable
{
    private int _released;

    public TargetDefinition Definition { get; } = definition;

    /// <summary>The proxy on the way, for messages.</summary>
    public string? Proxy { get; } = proxy;

    public HttpMessageInvoker Invoker => connection.Invoker;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
            connection.Release();
    }
}
