using Planton.Server.Errors;
using Planton.Server.RunnerGrants;
using Planton.Tunnel.Gateway;
using Planton.Tunnel.Links;

namespace Planton.Server.Routing;

/// <summary>Finds a tunnel for an operation: the runner's least busy one, and another if that closed before anything was sent.</summary>
internal sealed class OperationSender(TunnelRegistry registry, RunnerGrantCheck grants, TimeProvider time)
{
    private const int MaxAttempts = 3;

    /// <summary>Null when the operation was sent and its answer dealt with.</summary>
    public async Task<Error?> SendAsync(Operation operation, Func<GatewayTunnel, Task<Sent>> send, CancellationToken cancellationToken)
    {
        var (route, needed) = (operation.Route, operation.NeededCapabilities);
        var tried = new List<GatewayTunnel>();
        var unable = 0;
        while (tried.Count < MaxAttempts && registry.TryBeginOperation(route.Runner.Id, tried) is { } found)
        {
            using var lease = found;

            if (!Fits(lease.Tunnel, route))
                break;
            if (await DeniedAsync(lease.Tunnel, operation, cancellationToken).ConfigureAwait(false) is { } denied)
                return denied;
            tried.Add(lease.Tunnel);
            if (!needed.All(capability => lease.Tunnel.Greeting?.Capabilities.Contains(capability) == true))
            {
                unable++;
                continue;
            }

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

        if (unable > 0 && unable == tried.Count)
            return RouteErrors.Unable(route);
        return Unsent(route, tried.Count > 0);
    }

    /// <summary>The tunnel that the next operation would be sent by, or the error that it would get instead. Nothing is sent.</summary>
    public (GatewayTunnel? Tunnel, Error? Error) Choose(Route route)
    {
        using var lease = registry.TryBeginOperation(route.Runner.Id);
        return lease is not null && Fits(lease.Tunnel, route) ? (lease.Tunnel, null) : (null, Unsent(route, tried: false));
    }

    // The registry goes by the runner's id alone; the organization in its certificate must be that of the route too.
    private static bool Fits(GatewayTunnel tunnel, Route route) => tunnel.Identity.OrganizationId == route.Runner.OrganizationId;

    // By the certificate, and by what is stored now: whatever the route says, a runner of the platform gets only what is granted.
    private async Task<Error?> DeniedAsync(GatewayTunnel tunnel, Operation operation, CancellationToken cancellationToken) =>
        tunnel.Identity.OrganizationId is null
            ? await grants.ConfirmAsync(tunnel.Identity.RunnerId, operation.Connection, operation.Route.Access, cancellationToken).ConfigureAwait(false)
            : null;

    private Error Unsent(Route route, bool tried) => !tried && registry.Of(route.Runner.Id).Any(tunnel => tunnel.State == LinkState.Ready)
        ? RouteErrors.Busy(route)
        : RouteErrors.Unreachable(route, time.GetUtcNow());
}
