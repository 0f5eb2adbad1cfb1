using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Planton.Tunnel.Runner;

/// <summary>Gives Kestrel a <see cref="TunnelListener"/> for a <see cref="TunnelEndPoint"/>, and leaves every other endpoint alone.</summary>
internal sealed class TunnelListenerFactory(
    TunnelRunnerOptions options, IdentityKeeper identity, TunnelLink tunnel, TimeProvider time, ILogger<TunnelListener> logger)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => endpoint is TunnelEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IConnectionListener>(new TunnelListener(endpoint, options, new TunnelDialer(options, identity), tunnel, time, logger));
}
