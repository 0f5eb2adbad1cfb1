using System.Collections.Concurrent;
using Planton.Server.Quotas;

namespace Planton.Server.Audit;

/// <summary>
/// Counts the records that wait to be written, by organization, or by caller where there is none: a flood of one of them is refused
/// before the others wait long. One entry for each that has records waiting.
/// </summary>
internal sealed class AuditBacklog(QuotaOptions quotas)
{
    private readonly ConcurrentDictionary<string, int> _waiting = new(StringComparer.Ordinal);

    /// <summary>Whose backlog a record is in; null for what is bounded with all others alone.</summary>
    public static string? OwnerOf(AuditEntry entry) => entry switch
    {
        // It was sent already, and must not be lost for what others ask meanwhile: bounded by the operations in flight.
        { Outcome: AuditOutcome.Failed } => null,
        { OrganizationId: { } organization } => organization,
        { Actor.ApiKeyId: not null } => $"{entry.Actor.Kind}/{entry.Actor.Id}",
        _ => null,
    };

    /// <exception cref="AuditBacklogException">The owner has as many waiting as it may.</exception>
    public void Enter(string? owner)
    {
        if (owner is null || _waiting.AddOrUpdate(owner, 1, (_, waiting) => waiting + 1) <= quotas.OrganizationAuditBacklog)
            return;
        Leave(owner);
        throw new AuditBacklogException(QuotaErrors.Wait(
            "the organization has as many audit records waiting to be written as it may. Nothing was done",
            "Send fewer requests at once.", Quota.OrganizationAuditBacklog, quotas, QuotaErrors.ShortWait));
    }

    public void Leave(string? owner)
    {
        while (owner is not null && _waiting.TryGetValue(owner, out var waiting))
        {
            if (waiting == 1 ? _waiting.TryRemove(KeyValuePair.Create(owner, 1)) : _waiting.TryUpdate(owner, waiting - 1, waiting))
                return;
        }
    }
}
