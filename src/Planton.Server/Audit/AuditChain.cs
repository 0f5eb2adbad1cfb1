using Microsoft.EntityFrameworkCore;
using Planton.Server.Storage;

namespace Planton.Server.Audit;

/// <summary>
/// Gives records their place in the trail. Inside the transaction that writes them, and under the lock of the head's row: what is
/// decided here is the order in which they are committed.
/// </summary>
internal sealed class AuditChain(AuditHeadSigner signer, AuditRollbackCheck check)
{
    /// <summary>Moves the pending records of <paramref name="context"/> into it, chained. Inside a transaction.</summary>
    /// <exception cref="AuditNotWrittenException">The head is missing, was altered, or put back: nothing can be chained to it.</exception>
    public async Task LinkAsync(ControlPlaneContext context, CancellationToken cancellationToken)
    {
        var row = context.AuditHeads.Where(head => head.Id == AuditHeadEntity.TheId);
        // An update that changes nothing takes the row's lock in every database alike, until the transaction ends.
        await row.ExecuteUpdateAsync(set => set.SetProperty(head => head.Sequence, head => head.Sequence), cancellationToken).ConfigureAwait(false);
        var head = await row.AsNoTracking().SingleOrDefaultAsync(cancellationToken).ConfigureAwait(false)
            ?? throw new AuditNotWrittenException("the head of the audit trail is missing");
        if (!signer.IsGenuine(head))
            throw new AuditNotWrittenException("the head of the audit trail was altered, or signed under another master key");
        if (await check.FindAsync(context, head, most: 1, cancellationToken).ConfigureAwait(false) is { } fault)
            throw new AuditNotWrittenException($"the audit trail was put back to an earlier state: {fault}");
        var (sequence, hash) = (head.Sequence, head.Hash);
        foreach (var record in context.PendingAuditRecords)
        {
            record.Sequence = ++sequence;
            record.Hash = hash = AuditHash.Of(hash, record);
            context.AuditRecords.Add(record);
        }

        context.PendingAuditRecords.Clear();
        context.PendingAuditEnd = new AuditPlace(sequence, hash);
        var next = signer.Sign(sequence, hash);
        await row.ExecuteUpdateAsync(
            set => set.SetProperty(head => head.Sequence, next.Sequence)
                .SetProperty(head => head.Hash, next.Hash)
                .SetProperty(head => head.Signature, next.Signature),
            cancellationToken).ConfigureAwait(false);
    }
}
