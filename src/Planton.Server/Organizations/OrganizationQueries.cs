using Microsoft.EntityFrameworkCore;
using Planton.Server.Storage;

namespace Planton.Server.Organizations;

internal static class OrganizationQueries
{
    /// <summary>
    /// Whether an organization is still there; for null, the platform, always. To be asked inside the transaction that adds to
    /// it: whoever asks was let in by a membership that may be half a second old.
    /// </summary>
    public static async Task<bool> StillExistsAsync(ControlPlaneContext context, string? organizationId, CancellationToken cancellationToken) =>
        organizationId is null
        || await context.Organizations.AnyAsync(organization => organization.Id == organizationId, cancellationToken).ConfigureAwait(false);
}
