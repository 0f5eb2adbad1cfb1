using Microsoft.EntityFrameworkCore;
using Planton.Api;
using Planton.Server.Organizations;
using Planton.Server.Storage;

namespace Planton.Server.Members;

internal static class MemberQueries
{
    /// <summary>The users who are members of an organization.</summary>
    public static IQueryable<MemberRow> InOrganization(ControlPlaneContext context, string organizationId) =>
        from membership in context.Memberships
        where membership.OrganizationId == organizationId
        join user in context.Users on membership.UserId equals user.Id
        select new MemberRow { Membership = membership, User = user.Name };

    /// <summary>That user's membership; tracked.</summary>
    public static async Task<MemberRow?> FindAsync(
        ControlPlaneContext context, string organizationId, string user, CancellationToken cancellationToken) =>
        Slug.IsValid(user)
            ? await InOrganization(context, organizationId).SingleOrDefaultAsync(row => row.User == user, cancellationToken).ConfigureAwait(false)
            : null;

    /// <summary>Whether an organization has an owner beside that user who is not suspended.</summary>
    public static Task<bool> HasOtherOwnerAsync(
        ControlPlaneContext context, string organizationId, string userId, CancellationToken cancellationToken) =>
        OrganizationQueries.ActiveOwners(context).AnyAsync(other => other.OrganizationId == organizationId && other.UserId != userId, cancellationToken);
}
