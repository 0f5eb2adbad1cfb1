using Microsoft.EntityFrameworkCore;
using Planton.Server.Storage;

namespace Planton.Server.Audit;

/// <summary>Finds out whether the trail in the database continues the one that this server has seen.</summary>
internal sealed class AuditRollbackCheck(AuditMark mark)
{
    /// <summary>
    /// What speaks against it; null when nothing does. Of a trail that is ahead of the mark, the first <paramref name="most"/> records
    /// after it are checked: already the first one cannot follow from the mark in a trail that went another way.
    /// </summary>
    /// <param name="context">Where <paramref name="head"/> was read.</param>
    /// <param name="head">A genuine one, read while nothing is committed here.</param>
    /// <param name="most">How many records are read at most.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<string?> FindAsync(ControlPlaneContext context, AuditHeadEntity head, int most, CancellationToken cancellationToken)
    {
        var seen = mark.Last;
        if (mark.FaultOf(seen, head) is { } fault)
            return fault;
        if (seen is null || seen.Sequence == head.Sequence)
            return null;
        var walk = new AuditWalk(seen);
        await foreach (var record in context.AuditRecords.AsNoTracking()
            .Where(record => record.Sequence > seen.Sequence && record.Sequence <= head.Sequence).OrderBy(record => record.Sequence).Take(most)
            .AsAsyncEnumerable().WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (walk.Check(record) is { } bad)
                return $"what comes after record {seen.Sequence} does not follow from the one that this server has seen there: record {bad.Sequence}: {bad.Reason}";
        }

        if (walk.Sequence < Math.Min(head.Sequence, seen.Sequence + most))
            return $"records {walk.Sequence + 1} to {head.Sequence} are missing";
        return walk.Sequence == head.Sequence && walk.Hash != head.Hash
            ? $"record {head.Sequence} is not the one in the signed head"
            : null;
    }
}
