using Microsoft.EntityFrameworkCore;
using Planton.Api.Routing;
using Planton.Server.Authorization;
using Planton.Server.Connections;
using Planton.Server.Errors;
using Planton.Server.Runners;
using Planton.Server.Storage;
using Planton.Tunnel.Gateway;

namespace Planton.Server.Routing;

/// <summary>
/// Tells where an operation on a connection would go now. It asks those who would decide, so that it cannot say anything else
/// than what would happen.
/// </summary>
internal sealed class RouteExplainer(
    IDbContextFactory<ControlPlaneContext> contexts, Gatekeeper gatekeeper, RouteResolver routes, OperationSender sender, IRunnerPresence presence)
{
    public async Task<Result<RouteExplanation>> ExplainAsync(
        OperationContext operation, string organization, string name, CancellationToken cancellationToken)
    {
        var entered = await gatekeeper.EnterAsync(
            operation, organization, Permission.ReadConnection, "connection.explain", $"connection/{name}", cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var row = await ConnectionQueries.FindAsync(context, entered.Value.OrganizationId, name, cancellationToken).ConfigureAwait(false);
        if (row is null)
            return await ConnectionErrors.NotFoundAsync(context, entered.Value, name, cancellationToken).ConfigureAwait(false);
        var found = await routes.FindAsync(row.Connection, cancellationToken).ConfigureAwait(false);
        if (!found.Succeeded)
            return Unrouted(row.Connection, found.Error);
        var allowed = await routes.AllowAsync(found.Value, row.Connection, cancellationToken).ConfigureAwait(false);
        return allowed.Succeeded
            ? Routed(row.Connection, allowed.Value, RunnerView.HidesAddresses(allowed.Value.Runner, operation.Caller))
            : Ungranted(row.Connection, found.Value, allowed.Error);
    }

    private static RouteExplanation Unrouted(ConnectionEntity connection, Error error) => new()
    {
        Connection = connection.Name,
        Steps = RouteSteps.Of(connection, null),
        Code = error.Code,
        Detail = error.Detail,
        Hint = error.Hint,
    };

    // Of a runner that the organization may not use, its name and nothing else.
    private static RouteExplanation Ungranted(ConnectionEntity connection, Route route, Error error) => Unrouted(connection, error) with
    {
        Steps = RouteSteps.Of(connection, route, granted: false),
        Level = RouteSteps.NameOf(route.Level),
        Runner = route.Runner.Name,
    };

    private RouteExplanation Routed(ConnectionEntity connection, Route route, bool hidesAddresses)
    {
        var tunnels = RunnerView.Tunnels(presence.GetTunnels(route.Runner.Id), hidesAddresses);
        var (status, since) = RunnerView.StatusOf(route.Runner, tunnels);
        var (chosen, error) = sender.Choose(route);
        return new RouteExplanation
        {
            Connection = connection.Name,
            Steps = RouteSteps.Of(connection, route),
            Level = RouteSteps.NameOf(route.Level),
            Runner = route.Runner.Name,
            RunnerOrganization = route.OrganizationName,
            Status = status,
            StatusSince = since,
            Tunnels = [.. tunnels.Select(tunnel => View(tunnel, chosen))],
            Code = error?.Code,
            Detail = error?.Detail,
            Hint = error?.Hint,
        };
    }

    private static RouteTunnel View(Api.Runners.RunnerTunnel tunnel, GatewayTunnel? chosen) => new()
    {
        Id = tunnel.Id,
        ReplicaId = tunnel.InstanceId,
        Address = tunnel.Address,
        HostName = tunnel.HostName,
        Version = tunnel.Version,
        State = tunnel.State,
        Operations = tunnel.Operations,
        Chosen = tunnel.Id == chosen?.Id,
    };
}
