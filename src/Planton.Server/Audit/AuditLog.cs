using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Planton.Server.Quotas;
using Planton.Server.Storage;

namespace Planton.Server.Audit;

/// <summary>
/// Records that are asked for at the same time share one transaction, and so one wait for the disk: whoever comes to the
/// database first writes for all that wait. Each still returns only when its own record is on disk.
/// </summary>
internal sealed class AuditLog(IDbContextFactory<ControlPlaneContext> contexts, TimeProvider time, QuotaOptions? quotas = null) : IAuditLog, IDisposable
{
    /// <summary>Most records of one transaction: no caller waits for an endless one.</summary>
    public const int MaxBatch = 256;

    /// <summary>Most records that wait. More are refused, and with them their operations: the disk does not keep up.</summary>
    public const int MaxWaiting = 10_000;

    private readonly ConcurrentQueue<WaitingRecord> _waiting = new();
    private readonly AuditBacklog _backlog = new(quotas ?? new QuotaOptions());
    private readonly SemaphoreSlim _writer = new(1, 1);
    private int _count;

    public async Task RecordAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var record = new WaitingRecord(RecordOf(entry), AuditBacklog.OwnerOf(entry));
        _backlog.Enter(record.Owner);
        if (Interlocked.Increment(ref _count) > MaxWaiting)
        {
            Interlocked.Decrement(ref _count);
            _backlog.Leave(record.Owner);
            throw new AuditNotWrittenException($"the audit trail is {MaxWaiting} records behind");
        }

        _waiting.Enqueue(record);
        try
        {
            await _writer.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            record.Withdraw();
            throw;
        }

        try
        {
            while (!record.Ended)
                await WriteAsync().ConfigureAwait(false);
        }
        finally
        {
            _writer.Release();
        }

        if (record.Failure is { } failure)
            throw new AuditNotWrittenException("the audit record could not be written", failure);
    }

    public void Append(ControlPlaneContext context, AuditEntry entry) => context.PendingAuditRecords.Add(RecordOf(entry));

    public void Dispose() => _writer.Dispose();

    // Not cancelled by whose request it happens to be: it writes for others as well. The database bounds how long it waits.
    private async Task WriteAsync()
    {
        var batch = Take();
        try
        {
            if (batch.TrueForAll(record => record.Withdrawn))
                return;
            var context = await contexts.CreateDbContextAsync(CancellationToken.None).ConfigureAwait(false);
            await using var _ = context.ConfigureAwait(false);
            foreach (var record in batch.Where(record => !record.Withdrawn))
                context.PendingAuditRecords.Add(record.Entity);
            await context.SaveChangesAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Whatever it was, none of them is written, and each of their operations must be refused.
            batch.ForEach(record => record.Failure = exception);
        }
        finally
        {
            batch.ForEach(record => record.Ended = true);
        }
    }

    private List<WaitingRecord> Take()
    {
        var batch = new List<WaitingRecord>();
        while (batch.Count < MaxBatch && _waiting.TryDequeue(out var record))
        {
            Interlocked.Decrement(ref _count);
            // Not before: what a caller that went away leaves behind takes its place as well.
            _backlog.Leave(record.Owner);
            batch.Add(record);
        }

        return batch;
    }

    private AuditRecordEntity RecordOf(AuditEntry entry) => new()
    {
        Time = time.GetStorableNow(),
        OperationId = entry.OperationId,
        OrganizationId = entry.OrganizationId,
        ActorKind = entry.Actor.Kind,
        ActorId = entry.Actor.Id,
        ActorName = entry.Actor.Name,
        ApiKeyId = entry.Actor.ApiKeyId,
        Action = entry.Action,
        Resource = AuditText.Clean(entry.Resource),
        Outcome = entry.Outcome,
        Code = entry.Code,
        Detail = entry.Detail is null ? null : AuditText.Clean(entry.Detail),
        SourceAddress = entry.SourceAddress,
    };
}
