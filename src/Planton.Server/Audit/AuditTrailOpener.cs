using Microsoft.EntityFrameworkCore;
using Planton.Server.Hosting;
using Planton.Server.Storage;

namespace Planton.Server.Audit;

/// <summary>
/// Makes the head of the trail at the first start, when records from before there was one are chained into it as they are; at every
/// other start, checks that the trail continues the one that this server left.
/// </summary>
internal sealed partial class AuditTrailOpener(
    IDbContextFactory<ControlPlaneContext> contexts,
    AuditHeadSigner signer,
    AuditMark mark,
    AuditRollbackCheck check,
    DataDirectory data,
    ILogger<AuditTrailOpener> logger)
{
    /// <summary>Most records after the mark that a start checks, which takes seconds; the rest is left to <c>audit verify</c>.</summary>
    public const int MaxChecked = 1_000_000;

    /// <exception cref="StartupException">The head is gone or not ours, or the trail was put back: nothing may run that could not be recorded.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        mark.Load();
        var head = await BeginAsync(cancellationToken).ConfigureAwait(false);
        if (!signer.IsGenuine(head))
            throw new StartupException("the head of the audit trail was altered, or the master key is another one than it was signed under; see: planton-server audit verify");
        // Outside of the transaction: other servers of the same database write meanwhile.
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        if (await check.FindAsync(context, head, MaxChecked, cancellationToken).ConfigureAwait(false) is { } fault)
            throw new StartupException(
                $"the audit trail in the database is not as this server left it: {fault}. A backup was restored, a standby was behind, the disk lost writes, or somebody put an "
                + $"earlier state back. Find out which; to go on with what the database holds now, and have that recorded: planton-server audit accept-rollback --data {data.Path}");
        if (mark.Last is not { } seen)
            LogNoMark(AuditMark.FileName, head.Sequence);
        else if (head.Sequence - seen.Sequence > MaxChecked)
            LogNotAllChecked(head.Sequence - seen.Sequence, MaxChecked);
        mark.Note(AuditPlace.Of(head));
        await mark.WriteAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<AuditHeadEntity> BeginAsync(CancellationToken cancellationToken)
    {
        var transaction = await contexts.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var context = transaction.Context;
        var head = await context.AuditHeads.AsNoTracking().SingleOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (head is not null)
            return head;
        if (await context.AuditRecords.AnyAsync(record => record.Hash != null, cancellationToken).ConfigureAwait(false))
            throw new StartupException("the head of the audit trail is missing; see: planton-server audit verify; then put back a backup");
        if (!data.IsFirstStart)
            throw data.NotNew("no audit trail");
        var (sequence, hash) = (0L, AuditHash.Genesis);
        await foreach (var record in context.AuditRecords.AsNoTracking().OrderBy(record => record.Sequence).AsAsyncEnumerable()
            .WithCancellation(cancellationToken).ConfigureAwait(false))
            (sequence, hash) = (record.Sequence, AuditHash.Of(hash, record));
        head = signer.Sign(sequence, hash);
        // Before the commit: a trail without its mark is not taken.
        mark.Accept(AuditPlace.Of(head));
        await mark.WriteAsync(cancellationToken).ConfigureAwait(false);
        context.AuditHeads.Add(head);
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return head;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "There is no {File} yet: the audit trail is taken as it is, up to record {Sequence}")]
    private partial void LogNoMark(string file, long sequence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} audit records were added since this server ran last; the first {Limit} of them are checked. Check them all with: planton audit verify")]
    private partial void LogNotAllChecked(long count, int limit);
}
