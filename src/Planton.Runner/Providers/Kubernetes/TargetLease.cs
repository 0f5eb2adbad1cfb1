namespace Planton.Runner.Providers.Kubernetes;

/// <summary>The right to use a target's connections for one operation.</summary>
/// <param name="definition">The target.</param>
/// <param name="proxy">The proxy on the way, for messages.</param>
/// <param name="connection">Acquired for this lease.</param>
/// <param name="ended">Called after the connection was given back.</param>
internal sealed class TargetLease(TargetDefinition definition, string? proxy, TargetConnection connection, Action? ended = null) : IDisposable
{
    private int _released;

    public TargetDefinition Definition { get; } = definition;

    /// <summary>The proxy on the way, for messages.</summary>
    public string? Proxy { get; } = proxy;

    public HttpMessageInvoker Invoker => connection.Invoker;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, 1) != 0)
            return;
        connection.Release();
        ended?.Invoke();
    }
}
