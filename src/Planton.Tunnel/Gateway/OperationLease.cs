namespace Planton.Tunnel.Gateway;

/// <summary>A place for one operation on a tunnel, until disposed.</summary>
public sealed class OperationLease : IDisposable
{
    private GatewayTunnel? _tunnel;

    internal OperationLease(GatewayTunnel tunnel) => _tunnel = tunnel;

    /// <summary>The tunnel.</summary>
    /// <exception cref="ObjectDisposedException">The lease is over.</exception>
    public GatewayTunnel Tunnel => _tunnel ?? throw new ObjectDisposedException(nameof(OperationLease));

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _tunnel, null)?.EndOperation();
}
