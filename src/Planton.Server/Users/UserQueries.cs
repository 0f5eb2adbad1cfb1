using Microsoft.EntityFrameworkCore;
using Planton.Api;
using Planton.Server.Authorization;
using Planton.Server.Storage;

namespace Planton.Server.Users;

internal static class UserQueries
{
    // As many as a message names.
    private const int MaxNamed = 10;

    /// <summary>The user of that name; tracked.</summary>
    public static Task<UserEntity?> FindAsync(ControlPlaneContext context, string name, CancellationToken cancellationToken) =>
        Slug.IsValid(name)
            ? context.Users.SingleOrDefaultAsync(user => user.Name == name, cancellationToken)
            : Task.FromResult<UserEntity?>(null);

    /// <summary>The organizations that would have no owner without that user, by name.</summary>
    public static Task<List<string>> OwnedAloneAsync(ControlPlaneContext context, string userId, CancellationToken cancellationToken) => (
        from membership in context.Memberships
        where membership.UserId == userId && membership.Role == RoleName.Owner
            && !context.Memberships.Any(other =>
                other.OrganizationId == membership.OrganizationId && other.Role == RoleName.Owner && other.UserId != null && other.UserId != userId)
        join organization in context.Organizations on membership.OrganizationId equals organization.Id
        orderby organization.Name
        select organization.Name).Take(MaxNamed).ToListAsync(cancellationToken);
}
