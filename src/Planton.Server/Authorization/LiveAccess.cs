using Microsoft.EntityFrameworkCore;
using Planton.Server.Organizations;
using Planton.Server.Storage;

namespace Planton.Server.Authorization;

/// <summary>
/// The roles that the callers of operations have now, read for many keys at once. It only says what is surely still allowed:
/// whatever it does not know is asked one by one.
/// </summary>
internal sealed class LiveAccess
{
    private const int MaxKeysOfQuery = 500;

    private readonly Dictionary<(string KeyId, string OrganizationId), string> _roles = [];
    private readonly HashSet<string> _active = new(StringComparer.Ordinal);

    public static async Task<LiveAccess> ReadAsync(
        ControlPlaneContext context, IReadOnlyList<LiveOperation> operations, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var access = new LiveAccess();
        var organizations = operations.Select(operation => operation.OrganizationId).Distinct().ToList();
        access._active.UnionWith(await OrganizationQueries.ActiveOwners(context).Where(owner => organizations.Contains(owner.OrganizationId))
            .Select(owner => owner.OrganizationId).Distinct().ToListAsync(cancellationToken).ConfigureAwait(false));
        foreach (var chunk in operations.Select(operation => operation.Caller.ApiKeyId).Distinct().Chunk(MaxKeysOfQuery))
        {
            var ids = chunk.ToList();
            var keys = context.ApiKeys.Where(key => ids.Contains(key.Id) && key.RevokedAt == null && (key.ExpiresAt == null || key.ExpiresAt > now));
            var ofUsers = from key in keys
                          join user in context.Users.Where(user => user.SuspendedAt == null) on key.UserId equals user.Id
                          join membership in context.Memberships on user.Id equals membership.UserId
                          select new { key.Id, membership.OrganizationId, membership.Role };
            var ofAccounts = from key in keys
                             join account in context.ServiceAccounts.Where(account => account.RunnerId == null) on key.ServiceAccountId equals account.Id
                             join membership in context.Memberships on account.Id equals membership.ServiceAccountId
                             select new { key.Id, membership.OrganizationId, membership.Role };
            var rows = await ofUsers.Concat(ofAccounts).Where(row => organizations.Contains(row.OrganizationId))
                .ToListAsync(cancellationToken).ConfigureAwait(false);
            foreach (var row in rows)
                access._roles[(row.Id, row.OrganizationId)] = row.Role;
        }

        return access;
    }

    /// <summary>Whether every owner of the operation's organization is suspended, and nothing of its kind goes on there.</summary>
    public bool IsFrozen(LiveOperation operation) => !_active.Contains(operation.OrganizationId) && !PolicyTable.AllowsInFrozen(operation.Permission);

    public bool Allows(LiveOperation operation) =>
        _roles.TryGetValue((operation.Caller.ApiKeyId, operation.OrganizationId), out var role) && PolicyTable.Allows(role, operation.Permission);
}
