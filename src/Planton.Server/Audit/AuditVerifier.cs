using Microsoft.EntityFrameworkCore;
using Planton.Api.Audit;
using Planton.Server.Storage;

namespace Planton.Server.Audit;

/// <summary>Walks the trail from its beginning to its head. Holds one record at a time, and holds up no writer.</summary>
internal sealed class AuditVerifier(IDbContextFactory<ControlPlaneContext> contexts, AuditHeadSigner signer, AuditMark mark)
{
    public async Task<AuditVerification> VerifyAsync(CancellationToken cancellationToken)
    {
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        // Before the head: what is added in between must not look like a head that was put back.
        var seen = mark.Last;
        var head = await ReadHeadAsync(context, cancellationToken).ConfigureAwait(false);
        if (head is null)
            return Bad(0, null, "the head of the trail is missing");
        if (!signer.IsGenuine(head))
            return Bad(0, null, "the head of the trail was altered, or signed under another master key");
        var walk = new AuditWalk();
        var hashAtMark = AuditHash.Genesis;
        // Up to the head that was read: what is added meanwhile is for the next time.
        await foreach (var record in context.AuditRecords.AsNoTracking()
            .Where(record => record.Sequence <= head.Sequence).OrderBy(record => record.Sequence)
            .AsAsyncEnumerable().WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (walk.Check(record) is { } fault)
                return Bad(walk.Records, fault.Sequence, fault.Reason);
            if (walk.Sequence == seen?.Sequence)
                hashAtMark = walk.Hash;
        }

        if (walk.Sequence < head.Sequence)
            return Bad(walk.Records, walk.Sequence + 1, $"records {walk.Sequence + 1} to {head.Sequence} are missing: the end of the trail was cut off");
        if (walk.Hash != head.Hash)
            return Bad(walk.Records, walk.Sequence, "its hash is not the one in the signed head: the trail was written anew up to here");
        if (mark.FaultOf(seen, head) is { } rollback)
            return Bad(walk.Records, seen is null ? null : Math.Min(head.Sequence + 1, seen.Sequence), $"the trail was put back to an earlier state: {rollback}");
        if (seen is not null && hashAtMark != seen.Hash)
            return Bad(walk.Records, seen.Sequence, "the trail was put back to an earlier state: it is another record than this server has seen there");
        return await FindBeyondAsync(context, cancellationToken).ConfigureAwait(false) is { } beyond
            ? Bad(walk.Records, beyond, "it lies beyond the signed head: it was added from outside")
            : new AuditVerification(walk.Records, true, null, null, head.Hash);
    }

    // The records first and the head after them: what the server added in between is below the head by then.
    private static async Task<long?> FindBeyondAsync(ControlPlaneContext context, CancellationToken cancellationToken)
    {
        var last = await context.AuditRecords.MaxAsync(record => (long?)record.Sequence, cancellationToken).ConfigureAwait(false);
        var head = await ReadHeadAsync(context, cancellationToken).ConfigureAwait(false);
        return last <= (head?.Sequence ?? 0) || last is null
            ? null
            : await context.AuditRecords.Where(record => record.Sequence > head!.Sequence)
                .MinAsync(record => (long?)record.Sequence, cancellationToken).ConfigureAwait(false);
    }

    private static Task<AuditHeadEntity?> ReadHeadAsync(ControlPlaneContext context, CancellationToken cancellationToken) =>
        context.AuditHeads.AsNoTracking().SingleOrDefaultAsync(head => head.Id == AuditHeadEntity.TheId, cancellationToken);

    private static AuditVerification Bad(long records, long? first, string reason) => new(records, false, first, reason, null);
}
