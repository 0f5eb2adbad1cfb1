using Microsoft.EntityFrameworkCore;
using Planton.Server.ApiKeys;
using Planton.Server.Errors;
using Planton.Server.Organizations;
using Planton.Server.Storage;

namespace Planton.Server.Authorization;

/// <summary>Reads who owns a key, and what they are a member of.</summary>
internal static class CallerReader
{
    /// <summary>Who a key stands for at this moment; the error when it is not good any more.</summary>
    public static async Task<Result<CallerIdentity>> ReadNowAsync(
        ControlPlaneContext context, string keyId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var key = await context.ApiKeys.AsNoTracking().SingleOrDefaultAsync(key => key.Id == keyId, cancellationToken).ConfigureAwait(false);
        return key is null ? ApiKeyErrors.Unknown : await ReadAsync(context, key, now, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Who <paramref name="key"/> stands for at <paramref name="now"/>.</summary>
    public static async Task<Result<CallerIdentity>> ReadAsync(
        ControlPlaneContext context, ApiKeyEntity key, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (key.RevokedAt is { } revoked)
            return ApiKeyErrors.Revoked(key.Id, revoked);
        if (key.ExpiresAt is { } expires && expires <= now)
            return ApiKeyErrors.Expired(key.Id, expires);
        return await OwnerAsync(context, key, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<Result<CallerIdentity>> OwnerAsync(ControlPlaneContext context, ApiKeyEntity key, CancellationToken cancellationToken)
    {
        var owners = OrganizationQueries.ActiveOwners(context);
        var memberships = await (
            from membership in context.Memberships
            join organization in context.Organizations on membership.OrganizationId equals organization.Id
            where (key.UserId != null && membership.UserId == key.UserId)
                || (key.ServiceAccountId != null && membership.ServiceAccountId == key.ServiceAccountId)
            orderby organization.Name
            select new CallerMembership(organization.Id, organization.Name, membership.Role)
            {
                Frozen = !owners.Any(owner => owner.OrganizationId == organization.Id),
            })
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        if (key.UserId is { } userId)
        {
            var user = await context.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == userId, cancellationToken).ConfigureAwait(false);
            if (user is null)
                return ApiKeyErrors.Unknown;
            if (user.SuspendedAt is { } suspended)
                return ApiKeyErrors.Suspended(user.Name, suspended);
            return new CallerIdentity
            {
                Kind = CallerKind.User,
                Id = user.Id,
                Name = user.Name,
                PlatformOperator = user.PlatformOperator,
                ApiKeyId = key.Id,
                ApiKeyExpiresAt = key.ExpiresAt,
                Memberships = memberships,
            };
        }

        var account = await context.ServiceAccounts.AsNoTracking()
            .SingleOrDefaultAsync(account => account.Id == key.ServiceAccountId, cancellationToken).ConfigureAwait(false);
        return account is null ? ApiKeyErrors.Unknown : new CallerIdentity
        {
            Kind = CallerKind.ServiceAccount,
            Id = account.Id,
            Name = account.Name,
            ApiKeyId = key.Id,
            ApiKeyExpiresAt = key.ExpiresAt,
            Memberships = memberships,
            RunnerId = account.RunnerId,
        };
    }
}
