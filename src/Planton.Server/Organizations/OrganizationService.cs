using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Api.Organizations;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Storage;

namespace Planton.Server.Organizations;

internal sealed class OrganizationService(
    IDbContextFactory<ControlPlaneContext> contexts, Gatekeeper gatekeeper, AccessChanges changes)
{
    public async Task<IReadOnlyList<Organization>> ListAsync(OperationContext operation, CancellationToken cancellationToken)
    {
        var ids = operation.Caller.Memberships.Select(membership => membership.OrganizationId).ToList();
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        return await context.Organizations
            .Where(organization => ids.Contains(organization.Id))
            .OrderBy(organization => organization.Name)
            .Select(organization => new Organization(organization.Id, organization.Name, organization.CreatedAt))
            .ToListAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task<Result<Organization>> GetAsync(OperationContext operation, string name, CancellationToken cancellationToken)
    {
        var entered = await gatekeeper
            .EnterAsync(operation, name, Permission.ReadOrganization, "organization.get", $"organization/{name}", cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var found = await context.Organizations.AsNoTracking()
            .SingleOrDefaultAsync(organization => organization.Id == entered.Value.OrganizationId, cancellationToken).ConfigureAwait(false);
        return found is null ? OrganizationErrors.NotFound(name, operation.Caller) : new Organization(found.Id, found.Name, found.CreatedAt);
    }

    /// <summary>Makes an organization whose owner is the caller.</summary>
    public async Task<Result<Organization>> CreateAsync(
        OperationContext operation, CreateOrganizationRequest request, CancellationToken cancellationToken)
    {
        var faults = new FieldFaults();
        faults.NeedSlug("name", request.Name);
        if (faults.ToError() is { } invalid)
            return invalid;
        var name = request.Name!;
        return await changes.RunAsync<Organization>(
            operation, null, Permission.CreateOrganization, AuditAction.CreateOrganization, $"organization/{name}",
            async change =>
            {
                var context = change.Context;
                if (await context.Organizations.AnyAsync(organization => organization.Name == name, cancellationToken).ConfigureAwait(false))
                    return new Error(ErrorCode.AlreadyExists, $"an organization named \"{name}\" exists already", "Choose another name.");
                if (await OrganizationQueries.HasMadeTooManyAsync(context, operation.Caller.Id, cancellationToken).ConfigureAwait(false))
                    return OrganizationErrors.TooMany(operation.Caller.Name);
                var made = new OrganizationEntity { Id = ControlPlaneContext.NewId(), Name = name, CreatedAt = change.Now };
                context.Organizations.Add(made);
                context.Memberships.Add(new MembershipEntity
                {
                    Id = ControlPlaneContext.NewId(), OrganizationId = made.Id, UserId = operation.Caller.Id, Role = RoleName.Owner, Founder = true,
                });
                change.MadeOrganizationId = made.Id;
                return new Organization(made.Id, made.Name, made.CreatedAt);
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes an organization that nothing is left in.</summary>
    public async Task<Error?> DeleteAsync(OperationContext operation, string name, CancellationToken cancellationToken)
    {
        var resource = $"organization/{name}";
        var entered = await gatekeeper
            .EnterAsync(operation, name, Permission.DeleteOrganization, AuditAction.DeleteOrganization, resource, cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var id = entered.Value.OrganizationId;
        return await changes.RunAsync(
            operation, id, Permission.DeleteOrganization, AuditAction.DeleteOrganization, resource,
            async change =>
            {
                var context = change.Context;
                if (await NotEmptyAsync(context, id, name, cancellationToken).ConfigureAwait(false) is { } notEmpty)
                    return notEmpty;
                // Memberships, service accounts with their keys, environments and defaults hang on it by foreign keys.
                context.Organizations.Remove(
                    await context.Organizations.SingleAsync(organization => organization.Id == id, cancellationToken).ConfigureAwait(false));
                return null;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static async Task<Error?> NotEmptyAsync(ControlPlaneContext context, string id, string name, CancellationToken cancellationToken)
    {
        var runners = await context.Runners.CountAsync(runner => runner.OrganizationId == id, cancellationToken).ConfigureAwait(false);
        var connections = await context.Connections.CountAsync(connection => connection.OrganizationId == id, cancellationToken).ConfigureAwait(false);
        var secrets = await context.Secrets.CountAsync(secret => secret.OrganizationId == id, cancellationToken).ConfigureAwait(false);
        var variables = await context.Variables.CountAsync(variable => variable.OrganizationId == id, cancellationToken).ConfigureAwait(false);
        return runners + connections + secrets + variables == 0
            ? null
            : new Error(
                ErrorCode.Conflict,
                $"organization \"{name}\" is not empty: it has {runners} runner(s), {connections} connection(s), {secrets} secret(s) and {variables} variable(s)",
                $"Delete them first: planton connection list --org {name}, planton runner list --org {name}, planton secret list --org {name}, planton variable list --org {name}.");
    }
}
