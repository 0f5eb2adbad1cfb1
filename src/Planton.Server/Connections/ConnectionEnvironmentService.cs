using Microsoft.EntityFrameworkCore;
using Planton.Api.Connections;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Storage;

namespace Planton.Server.Connections;

/// <summary>
/// Says which environments may use a connection. Every request asks anew, so that the next one already goes by it; operations in
/// flight that are no longer allowed are aborted.
/// </summary>
internal sealed class ConnectionEnvironmentService(
    IDbContextFactory<ControlPlaneContext> contexts, Gatekeeper gatekeeper, IAuditLog audit, LiveOperations live)
{
    public async Task<Result<Connection>> SetAsync(
        OperationContext operation, string organization, string name, SetConnectionEnvironmentsRequest request, CancellationToken cancellationToken)
    {
        var faults = new FieldFaults();
        if (request.Environments is null)
            faults.Add("environments", "is missing: [] means that all environments may use it");
        ConnectionRequestValidator.ValidateEnvironments(faults, request.Environments);
        if (faults.ToError() is { } invalid)
            return invalid;
        var entered = await gatekeeper.EnterAsync(
            operation, organization, Permission.UpdateConnection, AuditAction.SetConnectionEnvironments, ConnectionService.Resource(name), cancellationToken)
            .ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var transaction = await contexts.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var context = transaction.Context;
        var row = await ConnectionQueries.FindAsync(context, entered.Value.OrganizationId, name, cancellationToken).ConfigureAwait(false);
        if (row is null)
            return await ConnectionErrors.NotFoundAsync(context, entered.Value, name, cancellationToken).ConfigureAwait(false);
        var environments = await ConnectionEnvironmentQueries
            .FindAllAsync(context, entered.Value, request.Environments!, cancellationToken).ConfigureAwait(false);
        if (!environments.Succeeded)
            return environments.Error;
        context.ConnectionEnvironments.RemoveRange(
            await context.ConnectionEnvironments.Where(pair => pair.ConnectionId == row.Connection.Id).ToListAsync(cancellationToken).ConfigureAwait(false));
        // Before the new ones: the same pair may be among both.
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        context.ChangeTracker.Clear();
        context.ConnectionEnvironments.AddRange(environments.Value.Select(
            environment => new ConnectionEnvironmentEntity { ConnectionId = row.Connection.Id, EnvironmentId = environment.Id }));
        var which = environments.Value.Count == 0 ? "all environments" : string.Join(", ", environments.Value.Select(environment => environment.Name));
        audit.Append(context, operation.Allowed(
            AuditAction.SetConnectionEnvironments, ConnectionService.Resource(name), entered.Value.OrganizationId, which));
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        var view = await ConnectionViews.OneAsync(context, entered.Value, row, cancellationToken).ConfigureAwait(false);
        // Not cancelled with the request: whether it happened must be known, or nothing would be aborted.
        await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        live.ReviewNow();
        return view;
    }
}
