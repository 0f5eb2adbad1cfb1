using Microsoft.EntityFrameworkCore;
using Planton.Api;
using Planton.Server.Authorization;
using Planton.Server.Organizations;
using Planton.Server.Storage;

namespace Planton.Server.Users;

internal static class UserQueries
{
    /// <summary>The user of that name; tracked.</summary>
    public static Task<UserEntity?> FindAsync(ControlPlaneContext context, string name, CancellationToken cancellationToken) =>
        Slug.IsValid(name)
            ? context.Users.SingleOrDefaultAsync(user => user.Name == name, cancellationToken)
            : Task.FromResult<UserEntity?>(null);

    /// <summary>The user of that name to whom an organization may be given; null when there is none, or they may not be added.</summary>
    /// <remarks>In one query, so that both take as long.</remarks>
    public static Task<UserEntity?> FindAddableAsync(ControlPlaneContext context, string name, CancellationToken cancellationToken) =>
        Slug.IsValid(name)
            ? context.Users.SingleOrDefaultAsync(
                user => user.Name == name && user.SuspendedAt == null
                    && context.Memberships.Count(membership => membership.UserId == user.Id && !membership.Founder) < OrganizationQueries.MaxOfUser,
                cancellationToken)
            : Task.FromResult<UserEntity?>(null);

    /// <summary>The names of the organizations that have no other owner who is not suspended.</summary>
    public static IQueryable<string> OwnedAlone(ControlPlaneContext context, string userId)
    {
        var owners = OrganizationQueries.ActiveOwners(context);
        return from membership in context.Memberships
               where membership.UserId == userId && membership.Role == RoleName.Owner
                   && !owners.Any(other => other.OrganizationId == membership.OrganizationId && other.UserId != userId)
               join organization in context.Organizations on membership.OrganizationId equals organization.Id
               orderby organization.Name
               select organization.Name;
    }

    /// <summary>The names of the organizations that have no other owner at all.</summary>
    public static IQueryable<string> OwnedByNobodyElse(ControlPlaneContext context, string userId) =>
        from membership in context.Memberships
        where membership.UserId == userId && membership.Role == RoleName.Owner
            && !context.Memberships.Any(other =>
                other.OrganizationId == membership.OrganizationId && other.Role == RoleName.Owner && other.UserId != null && other.UserId != userId)
        join organization in context.Organizations on membership.OrganizationId equals organization.Id
        orderby organization.Name
        select organization.Name;

    /// <summary>Whether a user is the last operator who can act: nobody else is one who is not suspended and has a valid key.</summary>
    public static async Task<bool> IsLastOperatorAsync(ControlPlaneContext context, UserEntity user, DateTimeOffset now, CancellationToken cancellationToken) =>
        user is { PlatformOperator: true, SuspendedAt: null }
        && !await context.Users.AnyAsync(
            other => other.PlatformOperator && other.SuspendedAt == null && other.Id != user.Id
                && context.ApiKeys.Any(key => key.UserId == other.Id && key.RevokedAt == null && (key.ExpiresAt == null || key.ExpiresAt > now)),
            cancellationToken).ConfigureAwait(false);
}
