using Microsoft.EntityFrameworkCore;
using Planton.Server.Authorization;
using Planton.Server.Storage;

namespace Planton.Server.Organizations;

internal static class OrganizationQueries
{
    /// <summary>
    /// The most organizations that one user makes, and the most that others add one user to: each is counted on its own, so that
    /// nobody uses up another's. All of them are read with each request.
    /// </summary>
    public const int MaxOfUser = 500;

    /// <summary>The memberships of owners who are not suspended. An organization that has none is frozen.</summary>
    public static IQueryable<MembershipEntity> ActiveOwners(ControlPlaneContext context) => context.Memberships.Where(
        membership => membership.Role == RoleName.Owner && context.Users.Any(user => user.Id == membership.UserId && user.SuspendedAt == null));

    /// <summary>
    /// Whether an organization is still there; for null, the platform, always. To be asked inside the transaction that adds to
    /// it: whoever asks was let in by a membership that may be half a second old.
    /// </summary>
    public static async Task<bool> StillExistsAsync(ControlPlaneContext context, string? organizationId, CancellationToken cancellationToken) =>
        organizationId is null
        || await context.Organizations.AnyAsync(organization => organization.Id == organizationId, cancellationToken).ConfigureAwait(false);

    /// <summary>Whether a user has made as many organizations as anyone may.</summary>
    public static async Task<bool> HasMadeTooManyAsync(ControlPlaneContext context, string userId, CancellationToken cancellationToken) =>
        await context.Memberships.CountAsync(membership => membership.UserId == userId && membership.Founder, cancellationToken).ConfigureAwait(false) >= MaxOfUser;
}
