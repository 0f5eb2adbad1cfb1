using Planton.Server.Errors;
using Planton.Tunnel.Gateway;
using Planton.Tunnel.Links;

namespace Planton.Server.Routing;

/// <summary>Finds a tunnel for an operation: the runner's least busy one, and another if that closed before anything was sent.</summary>
internal sealed class OperationSender(TunnelRegistry registry, TimeProvider time)
{
    private const int MaxAttempts = 3;

    /// <summary>Null when the operation was sent and its answer dealt with.</summary>
    public async Task<Error?> SendAsync(Route route, Func<GatewayTunnel, Task<Sent>> send)
    {
        var tried = new List<GatewayTunnel>();
        while (tried.Count < MaxAttempts && registry.TryBeginOperation(route.Runner.Id, tried) is { } found)
        {
            using var lease = found;

            // The registry goes by the runner's id alone; the organization in its certificate must be that of the route too.
            if (lease.Tunnel.Identity.OrganizationId != route.Runner.OrganizationId)
                break;
            tried.Add(lease.Tunnel);
            switch (await send(lease.Tunnel).ConfigureAwait(false))
            {
                case Sent.NotSent:
                    continue;
                case Sent.Lost:
                    return RouteErrors.Lost(route);
                default:
                    return null;
            }
        }

        return tried.Count == 0 && registry.Of(route.Runner.Id).Any(tunnel => tunnel.State == LinkState.Ready)
            ? RouteErrors.Busy(route)
            : RouteErrors.Unreachable(route, time.GetUtcNow());
    }
}
