using Microsoft.EntityFrameworkCore;
using Planton.Api.Members;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Organizations;
using Planton.Server.Storage;
using Planton.Server.Users;

namespace Planton.Server.Members;

/// <summary>The users of an organization and their roles. There is always an owner among them.</summary>
internal sealed class MemberService(
    IDbContextFactory<ControlPlaneContext> contexts, Gatekeeper gatekeeper, AccessChanges changes, OrganizationRescue rescue)
{
    /// <summary>The most members of one organization: lists have no pages.</summary>
    public const int MaxMembers = 1_000;

    public async Task<Result<IReadOnlyList<Member>>> ListAsync(OperationContext operation, string organization, CancellationToken cancellationToken)
    {
        var entered = await gatekeeper
            .EnterAsync(operation, organization, Permission.ReadMember, "member.list", "members", cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var rows = await MemberQueries.InOrganization(context, entered.Value.OrganizationId).AsNoTracking()
            .OrderBy(row => row.User).ToListAsync(cancellationToken).ConfigureAwait(false);
        return rows.ConvertAll(row => new Member(row.Membership.UserId!, row.User, row.Membership.Role));
    }

    /// <summary>Adds a user, or changes the role.</summary>
    public async Task<Result<Member>> SetAsync(
        OperationContext operation, string organization, string user, SetMemberRequest request, CancellationToken cancellationToken)
    {
        var faults = new FieldFaults();
        if (!PolicyTable.IsRole(request.Role))
            faults.Add("role", request.Role is null ? "is missing" : RoleErrors.Rule);
        if (faults.ToError() is { } invalid)
            return invalid;
        if (request.Role == RoleName.Owner && await rescue.TryAsync(operation, organization, user, cancellationToken).ConfigureAwait(false) is { } rescued)
            return rescued;
        var entered = await gatekeeper.EnterAsync(
            operation, organization, Permission.ManageMember, AuditAction.SetMember, Resource(user), cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        return await changes.RunAsync<Member>(
            operation, entered.Value.OrganizationId, Permission.ManageMember, AuditAction.SetMember, Resource(user),
            change => SetAsync(change, entered.Value, user, request.Role!, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    public async Task<Error?> RemoveAsync(OperationContext operation, string organization, string user, CancellationToken cancellationToken)
    {
        var entered = await gatekeeper.EnterAsync(
            operation, organization, Permission.ManageMember, AuditAction.RemoveMember, Resource(user), cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        return await changes.RunAsync(
            operation, entered.Value.OrganizationId, Permission.ManageMember, AuditAction.RemoveMember, Resource(user),
            change => RemoveAsync(change, entered.Value, user, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the caller's own membership.</summary>
    public async Task<Error?> LeaveAsync(OperationContext operation, string organization, CancellationToken cancellationToken)
    {
        var resource = Resource(operation.Caller.Name);
        var entered = await gatekeeper.EnterAsync(
            operation, organization, Permission.LeaveOrganization, AuditAction.LeaveOrganization, resource, cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        return await changes.RunAsync(
            operation, entered.Value.OrganizationId, Permission.LeaveOrganization, AuditAction.LeaveOrganization, resource,
            change => LeaveAsync(change, entered.Value, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private static async Task<Error?> LeaveAsync(AccessChange change, CallerMembership organization, CancellationToken cancellationToken)
    {
        var caller = change.Caller;
        if (caller.Kind != CallerKind.User)
            return MemberErrors.UsersAlone(caller, organization);
        var membership = await change.Context.Memberships.SingleAsync(
            own => own.OrganizationId == organization.OrganizationId && own.UserId == caller.Id, cancellationToken).ConfigureAwait(false);
        if (await IsLastOwnerAsync(change, membership, cancellationToken).ConfigureAwait(false))
            return MemberErrors.LastOwnerLeaves(organization);
        change.Detail = $"was {membership.Role}";
        change.Context.Memberships.Remove(membership);
        return null;
    }

    private static async Task<Result<Member>> SetAsync(
        AccessChange change, CallerMembership organization, string user, string role, CancellationToken cancellationToken)
    {
        if (RoleErrors.Above(change, organization, role, $"make anyone {role}") is { } denied)
            return denied;
        var found = await MemberQueries.FindAsync(change.Context, organization.OrganizationId, user, cancellationToken).ConfigureAwait(false);
        if (found is null)
            return await AddAsync(change, organization, user, role, cancellationToken).ConfigureAwait(false);
        var membership = found.Membership;
        if (RoleErrors.Above(change, organization, membership.Role, $"change who is {membership.Role}") is { } above)
            return above;
        if (role != RoleName.Owner && await IsLastOwnerAsync(change, membership, cancellationToken).ConfigureAwait(false))
            return MemberErrors.LastOwner(organization, user);
        change.Detail = $"{role}, was {membership.Role}";
        membership.Role = role;
        return new Member(membership.UserId!, user, role);
    }

    private static async Task<Result<Member>> AddAsync(
        AccessChange change, CallerMembership organization, string name, string role, CancellationToken cancellationToken)
    {
        // Before the name is looked up: in an organization that is full, every name gets the same answer.
        var members = await MemberQueries.InOrganization(change.Context, organization.OrganizationId).CountAsync(cancellationToken).ConfigureAwait(false);
        if (members >= MaxMembers)
            return MemberErrors.TooMany(organization);
        // Who tries names to find out who has an account leaves a trail.
        change.RecordsRefusal = true;
        if (await UserQueries.FindAddableAsync(change.Context, name, cancellationToken).ConfigureAwait(false) is not { } user)
            return MemberErrors.NotAddable(name);
        change.Context.Memberships.Add(new MembershipEntity
        {
            Id = ControlPlaneContext.NewId(), OrganizationId = organization.OrganizationId, UserId = user.Id, Role = role,
        });
        change.Detail = $"{role}, was no member";
        return new Member(user.Id, name, role);
    }

    private static async Task<Error?> RemoveAsync(AccessChange change, CallerMembership organization, string user, CancellationToken cancellationToken)
    {
        var found = await MemberQueries.FindAsync(change.Context, organization.OrganizationId, user, cancellationToken).ConfigureAwait(false);
        if (found is null)
            return await MemberErrors.NotFoundAsync(change.Context, organization, user, cancellationToken).ConfigureAwait(false);
        if (RoleErrors.Above(change, organization, found.Membership.Role, $"remove who is {found.Membership.Role}") is { } above)
            return above;
        if (await IsLastOwnerAsync(change, found.Membership, cancellationToken).ConfigureAwait(false))
            return MemberErrors.LastOwner(organization, user);
        change.Detail = $"was {found.Membership.Role}";
        change.Context.Memberships.Remove(found.Membership);
        return null;
    }

    private static async Task<bool> IsLastOwnerAsync(AccessChange change, MembershipEntity membership, CancellationToken cancellationToken) =>
        membership.Role == RoleName.Owner
        && !await MemberQueries.HasOtherOwnerAsync(change.Context, membership.OrganizationId, membership.UserId!, cancellationToken).ConfigureAwait(false);

    /// <summary>For the audit trail.</summary>
    public static string Resource(string user) => $"member/{user}";
}
