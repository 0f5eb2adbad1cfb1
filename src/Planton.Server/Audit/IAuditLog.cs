using Planton.Server.Storage;

namespace Planton.Server.Audit;

/// <summary>The audit trail. Records are only ever added.</summary>
internal interface IAuditLog
{
    /// <summary>
    /// Records a decision; when this returns, it is on disk. Throws when it cannot be written, and then the operation must be
    /// refused: nothing runs unaudited.
    /// </summary>
    Task RecordAsync(AuditEntry entry, CancellationToken cancellationToken);

    /// <summary>Adds the record to <paramref name="context"/>, so that it is written in the same transaction as the change it speaks of.</summary>
    void Append(ControlPlaneContext context, AuditEntry entry);
}
