using Microsoft.EntityFrameworkCore;
using Planton.Api.ServiceAccounts;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Organizations;
using Planton.Server.Storage;

namespace Planton.Server.ServiceAccounts;

/// <summary>The machine identities of an organization.</summary>
internal sealed class ServiceAccountService(
    IDbContextFactory<ControlPlaneContext> contexts, Gatekeeper gatekeeper, AccessChanges changes, TimeProvider time)
{
    /// <summary>The most service accounts of one organization, beside those of its runners: lists have no pages.</summary>
    public const int MaxAccounts = 500;

    /// <summary>Reserved, so that none can be taken for a runner's, nor be in the way of one.</summary>
    public const string RunnerPrefix = "runner-";

    public async Task<Result<IReadOnlyList<ServiceAccount>>> ListAsync(
        OperationContext operation, string organization, CancellationToken cancellationToken)
    {
        var entered = await gatekeeper.EnterAsync(
            operation, organization, Permission.ReadServiceAccount, "service-account.list", "service-accounts", cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var rows = await ServiceAccountQueries.InOrganization(context, entered.Value.OrganizationId, time.GetStorableNow()).AsNoTracking()
            .OrderBy(row => row.Account.Name).ToListAsync(cancellationToken).ConfigureAwait(false);
        return rows.ConvertAll(row => row.ToView());
    }

    public async Task<Result<ServiceAccount>> GetAsync(
        OperationContext operation, string organization, string name, CancellationToken cancellationToken)
    {
        var entered = await gatekeeper.EnterAsync(
            operation, organization, Permission.ReadServiceAccount, "service-account.get", Resource(name), cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var row = await ServiceAccountQueries
            .FindAsync(context, entered.Value.OrganizationId, name, time.GetStorableNow(), cancellationToken).ConfigureAwait(false);
        return row is null
            ? await ServiceAccountErrors.NotFoundAsync(context, entered.Value, name, cancellationToken).ConfigureAwait(false)
            : row.ToView();
    }

    public async Task<Result<ServiceAccount>> CreateAsync(
        OperationContext operation, string organization, CreateServiceAccountRequest request, CancellationToken cancellationToken)
    {
        var role = request.Role ?? RoleName.Viewer;
        var faults = new FieldFaults();
        faults.NeedSlug("name", request.Name);
        if (request.Name?.StartsWith(RunnerPrefix, StringComparison.Ordinal) == true)
            faults.Add("name", $"must not begin with {RunnerPrefix}: such names are those of runners");
        if (!PolicyTable.IsRole(role))
            faults.Add("role", RoleErrors.Rule);
        if (faults.ToError() is { } invalid)
            return invalid;
        var name = request.Name!;
        var entered = await gatekeeper.EnterAsync(
            operation, organization, Permission.ManageServiceAccount, AuditAction.CreateServiceAccount, Resource(name), cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        return await changes.RunAsync<ServiceAccount>(
            operation, entered.Value.OrganizationId, Permission.ManageServiceAccount, AuditAction.CreateServiceAccount, Resource(name),
            change => CreateAsync(change, entered.Value, name, role, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes a service account with its keys.</summary>
    public async Task<Error?> DeleteAsync(OperationContext operation, string organization, string name, CancellationToken cancellationToken)
    {
        var entered = await gatekeeper.EnterAsync(
            operation, organization, Permission.ManageServiceAccount, AuditAction.DeleteServiceAccount, Resource(name), cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        return await changes.RunAsync(
            operation, entered.Value.OrganizationId, Permission.ManageServiceAccount, AuditAction.DeleteServiceAccount, Resource(name),
            change => DeleteAsync(change, entered.Value, name, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private static async Task<Result<ServiceAccount>> CreateAsync(
        AccessChange change, CallerMembership organization, string name, string role, CancellationToken cancellationToken)
    {
        if (RoleErrors.Above(change, organization, role, $"make a service account {role}") is { } denied)
            return denied;
        var context = change.Context;
        var id = organization.OrganizationId;
        if (await context.ServiceAccounts.AnyAsync(account => account.OrganizationId == id && account.Name == name, cancellationToken).ConfigureAwait(false))
            return ServiceAccountErrors.AlreadyExists(organization, name);
        if (await context.ServiceAccounts.CountAsync(account => account.OrganizationId == id && account.RunnerId == null, cancellationToken)
            .ConfigureAwait(false) >= MaxAccounts)
            return ServiceAccountErrors.TooMany(organization);
        var account = new ServiceAccountEntity { Id = ControlPlaneContext.NewId(), OrganizationId = id, Name = name, CreatedAt = change.Now };
        var membership = new MembershipEntity
        {
            Id = ControlPlaneContext.NewId(), OrganizationId = id, ServiceAccountId = account.Id, Role = role,
        };
        context.ServiceAccounts.Add(account);
        context.Memberships.Add(membership);
        change.Detail = role;
        return new ServiceAccountRow { Account = account, Membership = membership }.ToView();
    }

    private static async Task<Error?> DeleteAsync(AccessChange change, CallerMembership organization, string name, CancellationToken cancellationToken)
    {
        var row = await ServiceAccountQueries
            .FindAsync(change.Context, organization.OrganizationId, name, change.Now, cancellationToken).ConfigureAwait(false);
        if (row is null)
            return await ServiceAccountErrors.NotFoundAsync(change.Context, organization, name, cancellationToken).ConfigureAwait(false);
        if (row.Account.RunnerId is not null)
            return ServiceAccountErrors.OfRunner(name, row.Runner ?? "", $"delete {row.Runner}");
        if (RoleErrors.Above(change, organization, row.Membership.Role, $"delete a service account that is {row.Membership.Role}") is { } above)
            return above;
        change.Detail = $"{row.Membership.Role}, {row.ValidKeys} valid key(s)";
        // Its membership and keys hang on it by foreign keys.
        change.Context.ServiceAccounts.Remove(row.Account);
        return null;
    }

    private static string Resource(string name) => $"service-account/{name}";
}
