using Microsoft.EntityFrameworkCore;
using Planton.Server.ApiKeys;
using Planton.Server.Storage;

namespace Planton.Server.Authorization;

/// <summary>Reads who owns a key, and what they are a member of.</summary>
internal static class CallerReader
{
    /// <summary>Null when the owner is gone.</summary>
    public static async Task<CallerIdentity?> ReadAsync(ControlPlaneContext context, ApiKeyEntity key, CancellationToken cancellationToken)
    {
        var memberships = await (
            from membership in context.Memberships
            join organization in context.Organizations on membership.OrganizationId equals organization.Id
            where (key.UserId != null && membership.UserId == key.UserId)
                || (key.ServiceAccountId != null && membership.ServiceAccountId == key.ServiceAccountId)
            orderby organization.Name
            select new CallerMembership(organization.Id, organization.Name, membership.Role))
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        if (key.UserId is { } userId)
        {
            var user = await context.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == userId, cancellationToken).ConfigureAwait(false);
            return user is null ? null : new CallerIdentity
            {
                Kind = CallerKind.User,
                Id = user.Id,
                Name = user.Name,
                PlatformOperator = user.PlatformOperator,
                ApiKeyId = key.Id,
                Memberships = memberships,
            };
        }

        var account = await context.ServiceAccounts.AsNoTracking()
            .SingleOrDefaultAsync(account => account.Id == key.ServiceAccountId, cancellationToken).ConfigureAwait(false);
        return account is null ? null : new CallerIdentity
        {
            Kind = CallerKind.ServiceAccount,
            Id = account.Id,
            Name = account.Name,
            ApiKeyId = key.Id,
            Memberships = memberships,
            RunnerId = account.RunnerId,
        };
    }
}
