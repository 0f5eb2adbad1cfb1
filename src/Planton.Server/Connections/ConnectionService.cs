using Microsoft.EntityFrameworkCore;
using Planton.Api.Connections;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Storage;

namespace Planton.Server.Connections;

/// <summary>Connections as they are: listing, reading, deleting.</summary>
internal sealed partial class ConnectionService(
    IDbContextFactory<ControlPlaneContext> contexts, Gatekeeper gatekeeper, IAuditLog audit, LiveConnections live, ILogger<ConnectionService> logger)
{
    public async Task<Result<List<Connection>>> ListAsync(OperationContext operation, string organization, CancellationToken cancellationToken)
    {
        var entered = await gatekeeper
            .EnterAsync(operation, organization, Permission.ReadConnection, "connection.list", "connections", cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        return await ConnectionViews.ListAsync(context, entered.Value, cancellationToken).ConfigureAwait(false);
    }

    public async Task<Result<Connection>> GetAsync(OperationContext operation, string organization, string name, CancellationToken cancellationToken)
    {
        var entered = await gatekeeper.EnterAsync(
            operation, organization, Permission.ReadConnection, "connection.get", Resource(name), cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var row = await ConnectionQueries.FindAsync(context, entered.Value.OrganizationId, name, cancellationToken).ConfigureAwait(false);
        return row is null
            ? await ConnectionErrors.NotFoundAsync(context, entered.Value, name, cancellationToken).ConfigureAwait(false)
            : await ConnectionViews.OneAsync(context, entered.Value, row, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>With what is stored of it; requests under way over it are cut.</summary>
    public async Task<Error?> DeleteAsync(OperationContext operation, string organization, string name, CancellationToken cancellationToken)
    {
        var entered = await gatekeeper.EnterAsync(
            operation, organization, Permission.DeleteConnection, AuditAction.DeleteConnection, Resource(name), cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var transaction = await contexts.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var context = transaction.Context;
        var row = await ConnectionQueries.FindAsync(context, entered.Value.OrganizationId, name, cancellationToken).ConfigureAwait(false);
        if (row is null)
            return await ConnectionErrors.NotFoundAsync(context, entered.Value, name, cancellationToken).ConfigureAwait(false);
        audit.Append(context, operation.Allowed(AuditAction.DeleteConnection, Resource(name), entered.Value.OrganizationId));
        context.Connections.Remove(row.Connection);
        var id = row.Connection.Id;
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        // Not cancelled with the request: whether it happened must be known, or nothing would be cut.
        await transaction.CommitAsync(CancellationToken.None, CutAsync).ConfigureAwait(false);
        await CutAsync().ConfigureAwait(false);
        return null;

        Task CutAsync()
        {
            if (live.Cut(id) is > 0 and var requests)
                LogCut(name, organization, requests);
            return Task.CompletedTask;
        }
    }

    /// <summary>For the audit trail.</summary>
    public static string Resource(string name) => $"connection/{name}";

    [LoggerMessage(Level = LogLevel.Information, Message = "Connection {Name} of organization {Organization} was deleted, and {Requests} request(s) over it were cut")]
    private partial void LogCut(string name, string organization, int requests);
}
