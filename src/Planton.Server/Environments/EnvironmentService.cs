using Microsoft.EntityFrameworkCore;
using Planton.Api.Environments;
using Planton.Api.Errors;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Organizations;
using Planton.Server.Storage;

namespace Planton.Server.Environments;

internal sealed class EnvironmentService(
    IDbContextFactory<ControlPlaneContext> contexts, Gatekeeper gatekeeper, IAuditLog audit, LiveOperations live, TimeProvider time)
{
    /// <summary>The most environments of one organization: lists have no pages.</summary>
    public const int MaxEnvironments = 500;

    public async Task<Result<IReadOnlyList<OrganizationEnvironment>>> ListAsync(
        OperationContext operation, string organization, CancellationToken cancellationToken)
    {
        var entered = await gatekeeper
            .EnterAsync(operation, organization, Permission.ReadEnvironment, "environment.list", "environments", cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var found = await context.Environments.AsNoTracking().Where(environment => environment.OrganizationId == entered.Value.OrganizationId)
            .OrderBy(environment => environment.Name).ToListAsync(cancellationToken).ConfigureAwait(false);
        return found.ConvertAll(environment => View(environment, entered.Value));
    }

    public async Task<Result<OrganizationEnvironment>> CreateAsync(
        OperationContext operation, string organization, CreateEnvironmentRequest request, CancellationToken cancellationToken)
    {
        var faults = new FieldFaults();
        faults.NeedSlug("name", request.Name);
        if (faults.ToError() is { } invalid)
            return invalid;
        var name = request.Name!;
        var entered = await gatekeeper.EnterAsync(
            operation, organization, Permission.ManageEnvironment, AuditAction.CreateEnvironment, Resource(name), cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var membership = entered.Value;
        var transaction = await contexts.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var context = transaction.Context;
        if (!await OrganizationQueries.StillExistsAsync(context, membership.OrganizationId, cancellationToken).ConfigureAwait(false))
            return OrganizationErrors.NotFound(organization, operation.Caller);
        if (await EnvironmentQueries.FindAsync(context, membership.OrganizationId, name, cancellationToken).ConfigureAwait(false) is not null)
            return new Error(ErrorCode.AlreadyExists, $"organization \"{organization}\" has an environment \"{name}\" already");
        if (await context.Environments.CountAsync(environment => environment.OrganizationId == membership.OrganizationId, cancellationToken)
            .ConfigureAwait(false) >= MaxEnvironments)
            return new Error(ErrorCode.Conflict, $"organization \"{organization}\" has {MaxEnvironments} environments, which is the most", "Delete one that is not used.");
        var made = new EnvironmentEntity
        {
            Id = ControlPlaneContext.NewId(), OrganizationId = membership.OrganizationId, Name = name, CreatedAt = time.GetStorableNow(),
        };
        context.Environments.Add(made);
        audit.Append(context, operation.Allowed(AuditAction.CreateEnvironment, Resource(name), membership.OrganizationId));
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return View(made, membership);
    }

    /// <summary>Removes an environment that nothing is left in; operations in flight for it are aborted.</summary>
    public async Task<Error?> DeleteAsync(OperationContext operation, string organization, string name, CancellationToken cancellationToken)
    {
        var entered = await gatekeeper.EnterAsync(
            operation, organization, Permission.ManageEnvironment, AuditAction.DeleteEnvironment, Resource(name), cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var transaction = await contexts.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var context = transaction.Context;
        var found = await EnvironmentQueries.FindAsync(context, entered.Value.OrganizationId, name, cancellationToken).ConfigureAwait(false);
        if (found is null)
            return await EnvironmentQueries.NotFoundAsync(context, entered.Value, name, cancellationToken).ConfigureAwait(false);
        if (await InUseAsync(context, found, organization, cancellationToken).ConfigureAwait(false) is { } inUse)
            return inUse;
        audit.Append(context, operation.Allowed(AuditAction.DeleteEnvironment, Resource(name), entered.Value.OrganizationId));
        context.Environments.Remove(found);
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        // Not cancelled with the request: whether it happened must be known, or nothing would be aborted.
        await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        live.ReviewNow();
        return null;
    }

    private static async Task<Error?> InUseAsync(
        ControlPlaneContext context, EnvironmentEntity environment, string organization, CancellationToken cancellationToken)
    {
        var id = environment.Id;
        var secrets = await context.Secrets.CountAsync(secret => secret.EnvironmentId == id, cancellationToken).ConfigureAwait(false);
        var variables = await context.Variables.CountAsync(variable => variable.EnvironmentId == id, cancellationToken).ConfigureAwait(false);
        var connections = await context.ConnectionEnvironments.CountAsync(pair => pair.EnvironmentId == id, cancellationToken).ConfigureAwait(false);
        return secrets + variables + connections == 0
            ? null
            : new Error(
                ErrorCode.Conflict,
                $"environment \"{environment.Name}\" is not empty: it has {secrets} secret(s) and {variables} variable(s), and {connections} connection(s) are authorized for it",
                $"See them with: planton secret list --org {organization}, planton variable list --org {organization}, planton connection list --org {organization}");
    }

    private static string Resource(string name) => $"environment/{name}";

    private static OrganizationEnvironment View(EnvironmentEntity environment, CallerMembership organization) =>
        new(environment.Id, environment.Name, organization.OrganizationName, environment.CreatedAt);
}
