using Microsoft.EntityFrameworkCore;
using Planton.Api;
using Planton.Api.Members;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Organizations;
using Planton.Server.Storage;
using Planton.Server.Users;

namespace Planton.Server.Members;

/// <summary>
/// Gives an organization all of whose owners are suspended an owner who can act. It is the only thing that a platform operator
/// does in an organization that they are no member of, and it is recorded there.
/// </summary>
internal sealed class OrganizationRescue(IDbContextFactory<ControlPlaneContext> contexts, AccessChanges changes)
{
    /// <summary>Null when the caller is no operator, or the organization is not frozen: then members decide, as always.</summary>
    public async Task<Result<Member>?> TryAsync(OperationContext operation, string organization, string user, CancellationToken cancellationToken)
    {
        if (!Slug.IsValid(organization) || Authorizer.Check(operation.Caller, null, Permission.RescueOrganization) is not null)
            return null;
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        if (await FindFrozenAsync(context, organization, cancellationToken).ConfigureAwait(false) is null)
            return null;
        return await changes.RunAsync<Member>(
            operation, null, Permission.RescueOrganization, AuditAction.SetMember, MemberService.Resource(user),
            change => RescueAsync(change, organization, user, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private static async Task<Result<Member>> RescueAsync(AccessChange change, string organization, string name, CancellationToken cancellationToken)
    {
        var context = change.Context;
        // Somebody else may have been faster.
        if (await FindFrozenAsync(context, organization, cancellationToken).ConfigureAwait(false) is not { } frozen)
            return OrganizationErrors.NotFound(organization, change.Caller);
        if (await UserQueries.FindAsync(context, name, cancellationToken).ConfigureAwait(false) is not { } user)
            return await UserErrors.NotFoundAsync(context, name, cancellationToken).ConfigureAwait(false);
        if (user.SuspendedAt is not null)
            return UserErrors.IsSuspended(user);
        var membership = await context.Memberships
            .SingleOrDefaultAsync(own => own.OrganizationId == frozen.Id && own.UserId == user.Id, cancellationToken).ConfigureAwait(false);
        change.MadeOrganizationId = frozen.Id;
        change.Detail = $"{RoleName.Owner}, was {membership?.Role ?? "no member"}; the organization was frozen";
        if (membership is null)
        {
            context.Memberships.Add(new MembershipEntity
            {
                Id = ControlPlaneContext.NewId(), OrganizationId = frozen.Id, UserId = user.Id, Role = RoleName.Owner,
            });
        }
        else
        {
            membership.Role = RoleName.Owner;
        }

        return new Member(user.Id, name, RoleName.Owner);
    }

    private static Task<OrganizationEntity?> FindFrozenAsync(ControlPlaneContext context, string name, CancellationToken cancellationToken)
    {
        var owners = OrganizationQueries.ActiveOwners(context);
        return context.Organizations.AsNoTracking().SingleOrDefaultAsync(
            organization => organization.Name == name && !owners.Any(owner => owner.OrganizationId == organization.Id), cancellationToken);
    }
}
