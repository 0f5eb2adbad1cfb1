using Microsoft.EntityFrameworkCore;
using Planton.Server.Hosting;
using Planton.Server.Storage;

namespace Planton.Server.Audit;

/// <summary>Makes the head of the trail at the first start; records from before there was one are chained into it as they are.</summary>
internal sealed class AuditTrailOpener(IDbContextFactory<ControlPlaneContext> contexts, AuditHeadSigner signer)
{
    /// <exception cref="StartupException">The head is gone or not ours: nothing may run that could not be recorded.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        var transaction = await contexts.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var context = transaction.Context;
        var head = await context.AuditHeads.AsNoTracking().SingleOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (head is not null)
        {
            if (!signer.IsGenuine(head))
                throw new StartupException("the head of the audit trail was altered, or the master key is another one than it was signed under; see: planton-server audit verify");
            return;
        }

        if (await context.AuditRecords.AnyAsync(record => record.Hash != null, cancellationToken).ConfigureAwait(false))
            throw new StartupException("the head of the audit trail is missing; see: planton-server audit verify; then put back a backup");
        var (sequence, hash) = (0L, AuditHash.Genesis);
        await foreach (var record in context.AuditRecords.AsNoTracking().OrderBy(record => record.Sequence).AsAsyncEnumerable()
            .WithCancellation(cancellationToken).ConfigureAwait(false))
            (sequence, hash) = (record.Sequence, AuditHash.Of(hash, record));
        context.AuditHeads.Add(signer.Sign(sequence, hash));
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }
}
