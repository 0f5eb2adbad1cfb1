using Microsoft.EntityFrameworkCore;
using Planton.Api.Connections;
using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Environments;
using Planton.Server.Errors;
using Planton.Server.Storage;

namespace Planton.Server.Connections;

/// <summary>The connection that is used where a request names none: an environment's, else the organization's.</summary>
internal sealed class DefaultConnectionService(IDbContextFactory<ControlPlaneContext> contexts, Gatekeeper gatekeeper, IAuditLog audit)
{
    public async Task<Result<DefaultConnection>> GetAsync(
        OperationContext operation, string organization, string? environment, CancellationToken cancellationToken)
    {
        var entered = await gatekeeper.EnterAsync(
            operation, organization, Permission.ReadConnection, "connection.get-default", OrganizationScope.Resource(environment, "default-connection"),
            cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var scope = await EnvironmentQueries.ScopeAsync(context, entered.Value, environment, cancellationToken).ConfigureAwait(false);
        if (!scope.Succeeded)
            return scope.Error;
        var (name, level) = await DefaultConnectionQueries.EffectiveAsync(context, scope.Value, cancellationToken).ConfigureAwait(false);
        return new DefaultConnection(name, level);
    }

    /// <summary>In place of whatever was the default there.</summary>
    public async Task<Result<Connection>> SetAsync(
        OperationContext operation, string organization, string name, SetDefaultConnectionRequest request, CancellationToken cancellationToken)
    {
        var resource = OrganizationScope.Resource(request.Environment, ConnectionService.Resource(name));
        var entered = await gatekeeper.EnterAsync(
            operation, organization, Permission.UpdateConnection, AuditAction.SetDefaultConnection, resource, cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var transaction = await contexts.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var context = transaction.Context;
        var scope = await EnvironmentQueries.ScopeAsync(context, entered.Value, request.Environment, cancellationToken).ConfigureAwait(false);
        if (!scope.Succeeded)
            return scope.Error;
        var row = await ConnectionQueries.FindAsync(context, entered.Value.OrganizationId, name, cancellationToken).ConfigureAwait(false);
        if (row is null)
            return await ConnectionErrors.NotFoundAsync(context, entered.Value, name, cancellationToken).ConfigureAwait(false);
        if (await WrongEnvironmentAsync(context, row.Connection, scope.Value, cancellationToken).ConfigureAwait(false) is { } conflict)
            return conflict;
        var scopeId = scope.Value.Id;
        if (await context.DefaultConnections.SingleOrDefaultAsync(binding => binding.ScopeId == scopeId, cancellationToken).ConfigureAwait(false) is { } bound)
        {
            bound.ConnectionId = row.Connection.Id;
        }
        else
        {
            context.DefaultConnections.Add(new DefaultConnectionEntity
            {
                ScopeId = scopeId,
                OrganizationId = entered.Value.OrganizationId,
                EnvironmentId = scope.Value.Environment?.Id,
                ConnectionId = row.Connection.Id,
            });
        }

        audit.Append(context, operation.Allowed(AuditAction.SetDefaultConnection, resource, entered.Value.OrganizationId));
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        var view = await ConnectionViews.OneAsync(context, entered.Value, row, cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return view;
    }

    public async Task<Error?> UnsetAsync(
        OperationContext operation, string organization, string name, string? environment, CancellationToken cancellationToken)
    {
        var resource = OrganizationScope.Resource(environment, ConnectionService.Resource(name));
        var entered = await gatekeeper.EnterAsync(
            operation, organization, Permission.UpdateConnection, AuditAction.UnsetDefaultConnection, resource, cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var transaction = await contexts.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var context = transaction.Context;
        var scope = await EnvironmentQueries.ScopeAsync(context, entered.Value, environment, cancellationToken).ConfigureAwait(false);
        if (!scope.Succeeded)
            return scope.Error;
        var row = await ConnectionQueries.FindAsync(context, entered.Value.OrganizationId, name, cancellationToken).ConfigureAwait(false);
        if (row is null)
            return await ConnectionErrors.NotFoundAsync(context, entered.Value, name, cancellationToken).ConfigureAwait(false);
        var (scopeId, connectionId) = (scope.Value.Id, row.Connection.Id);
        var bound = await context.DefaultConnections
            .SingleOrDefaultAsync(binding => binding.ScopeId == scopeId && binding.ConnectionId == connectionId, cancellationToken).ConfigureAwait(false);
        if (bound is null)
            return new Error(
                ErrorCode.NotFound, $"connection \"{name}\" is not the default of {scope.Value}",
                $"See which is with: planton connection get-default --org {organization}{(environment is null ? "" : $" --env {environment}")}");
        context.DefaultConnections.Remove(bound);
        audit.Append(context, operation.Allowed(AuditAction.UnsetDefaultConnection, resource, entered.Value.OrganizationId));
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return null;
    }

    // A default that every request of its environment is denied would help nobody.
    private static async Task<Error?> WrongEnvironmentAsync(
        ControlPlaneContext context, ConnectionEntity connection, OrganizationScope scope, CancellationToken cancellationToken)
    {
        if (scope.Environment is not { } environment)
            return null;
        var authorized = await ConnectionEnvironmentQueries.NamesAsync(context, connection.Id, cancellationToken).ConfigureAwait(false);
        return authorized.Count == 0 || authorized.Contains(environment.Name)
            ? null
            : new Error(
                ErrorCode.Conflict,
                $"connection \"{connection.Name}\" may not be used in environment \"{environment.Name}\", and so it cannot be its default",
                $"Authorize it first with: planton connection set-environments {connection.Name} {string.Join(' ', authorized.Append(environment.Name).Select(name => $"--environment {name}"))}");
    }
}
