using Microsoft.EntityFrameworkCore;
using Planton.Api.Connections;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Organizations;
using Planton.Server.Runners;
using Planton.Server.Storage;

namespace Planton.Server.Connections;

internal sealed class ConnectionService(
    IDbContextFactory<ControlPlaneContext> contexts, Gatekeeper gatekeeper, IAuditLog audit, IConnectionTester tester, TimeProvider time)
{
    public async Task<Result<IReadOnlyList<Connection>>> ListAsync(OperationContext operation, string organization, CancellationToken cancellationToken)
    {
        var entered = await gatekeeper
            .EnterAsync(operation, organization, Permission.ReadConnection, "connection.list", "connections", cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var rows = await ConnectionQueries.InOrganization(context, entered.Value.OrganizationId)
            .OrderBy(row => row.Connection.Name).ToListAsync(cancellationToken).ConfigureAwait(false);
        return rows.ConvertAll(row => View(row.Connection, entered.Value, row.Runner));
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
            : View(row.Connection, entered.Value, row.Runner);
    }

    public async Task<Result<Connection>> CreateAsync(
        OperationContext operation, string organization, CreateConnectionRequest request, CancellationToken cancellationToken)
    {
        if (ConnectionRequestValidator.Validate(request) is { } invalid)
            return invalid;
        var name = request.Name!;
        var entered = await gatekeeper.EnterAsync(
            operation, organization, Permission.CreateConnection, AuditAction.CreateConnection, Resource(name), cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var membership = entered.Value;
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var transaction = await context.Database.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = transaction.ConfigureAwait(false);
        if (!await OrganizationQueries.StillExistsAsync(context, membership.OrganizationId, cancellationToken).ConfigureAwait(false))
            return OrganizationErrors.NotFound(organization, operation.Caller);
        if (await ConnectionQueries.FindAsync(context, membership.OrganizationId, name, cancellationToken).ConfigureAwait(false) is not null)
            return ConnectionErrors.AlreadyExists(membership, name);
        RunnerEntity? runner = null;
        if (request.Runner is { } runnerName)
        {
            var scope = new RunnerScope(membership.OrganizationId, membership.OrganizationName);
            runner = await RunnerQueries.FindAsync(context, scope, runnerName, cancellationToken).ConfigureAwait(false);
            if (runner is null)
                return await RunnerErrors.NotFoundAsync(context, scope, runnerName, cancellationToken).ConfigureAwait(false);
        }

        var made = new ConnectionEntity
        {
            Id = ControlPlaneContext.NewId(),
            OrganizationId = membership.OrganizationId,
            Name = name,
            Kind = ConnectionKind.Kubernetes,
            AuthMode = ConnectionAuthMode.Runner,
            RunnerId = runner?.Id,
            KubernetesContext = request.Kubernetes?.Context,
            CreatedAt = time.GetStorableNow(),
        };
        context.Connections.Add(made);
        var route = runner is null ? "default runner" : $"runner {runner.Name}";
        audit.Append(context, operation.Allowed(AuditAction.CreateConnection, Resource(name), membership.OrganizationId, route));
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return View(made, membership, runner?.Name);
    }

    public async Task<Error?> DeleteAsync(OperationContext operation, string organization, string name, CancellationToken cancellationToken)
    {
        var entered = await gatekeeper.EnterAsync(
            operation, organization, Permission.DeleteConnection, AuditAction.DeleteConnection, Resource(name), cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var transaction = await context.Database.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = transaction.ConfigureAwait(false);
        var row = await ConnectionQueries.FindAsync(context, entered.Value.OrganizationId, name, cancellationToken).ConfigureAwait(false);
        if (row is null)
            return await ConnectionErrors.NotFoundAsync(context, entered.Value, name, cancellationToken).ConfigureAwait(false);
        audit.Append(context, operation.Allowed(AuditAction.DeleteConnection, Resource(name), entered.Value.OrganizationId));
        context.Connections.Remove(row.Connection);
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return null;
    }

    /// <summary>Sends one small request to the target. It is recorded before it is sent.</summary>
    public async Task<Result<ConnectionTest>> TestAsync(
        OperationContext operation, string organization, string name, CancellationToken cancellationToken)
    {
        var entered = await gatekeeper.EnterAsync(
            operation, organization, Permission.TestConnection, AuditAction.TestConnection, Resource(name), cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var row = await ConnectionQueries.FindAsync(context, entered.Value.OrganizationId, name, cancellationToken).ConfigureAwait(false);
        if (row is null)
            return await ConnectionErrors.NotFoundAsync(context, entered.Value, name, cancellationToken).ConfigureAwait(false);
        await audit.RecordAsync(operation.Allowed(AuditAction.TestConnection, Resource(name), entered.Value.OrganizationId), cancellationToken)
            .ConfigureAwait(false);
        return await tester.TestAsync(row.Connection, operation.OperationId, cancellationToken).ConfigureAwait(false);
    }

    private static string Resource(string name) => $"connection/{name}";

    private static Connection View(ConnectionEntity connection, CallerMembership organization, string? runner) => new()
    {
        Id = connection.Id,
        Name = connection.Name,
        Organization = organization.OrganizationName,
        Kind = connection.Kind,
        AuthMode = connection.AuthMode,
        Runner = runner,
        Kubernetes = connection.Kind == ConnectionKind.Kubernetes ? new KubernetesTarget { Context = connection.KubernetesContext } : null,
        CreatedAt = connection.CreatedAt,
    };
}
