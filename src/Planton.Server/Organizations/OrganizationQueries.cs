using Microsoft.EntityFrameworkCore;
using Planton.Server.Storage;

namespace Planton.Server.Organizations;

internal static class OrganizationQueries
{
    /// <summary>The most organizations of one user: all of them are read with each request.</summary>
    public const int MaxOfUser = 500;

    /// <summary>
    /// Whether an organization is still there; for null, the platform, always. To be asked inside the transaction that adds to
    /// it: whoever asks was let in by a membership that may be half a second old.
    /// </summary>
    public static async Task<bool> StillExistsAsync(ControlPlaneContext context, string? organizationId, CancellationToken cancellationToken) =>
        organizationId is null
        || await context.Organizations.AnyAsync(organization => organization.Id == organizationId, cancellationToken).ConfigureAwait(false);

    /// <summary>Whether a user is a member of as many organizations as anyone may be.</summary>
    public static async Task<bool> HasTooManyAsync(ControlPlaneContext context, string userId, CancellationToken cancellationToken) =>
        await context.Memberships.CountAsync(membership => membership.UserId == userId, cancellationToken).ConfigureAwait(false) >= MaxOfUser;
}
