using Microsoft.EntityFrameworkCore;
using Planton.Server.Storage;

namespace Planton.Server.Audit;

internal sealed class AuditLog(IDbContextFactory<ControlPlaneContext> contexts, TimeProvider time) : IAuditLog
{
    // Paths and reasons come from clients: one request must not fill the disk.
    private const int MaxTextLength = 2048;

    public async Task RecordAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        Append(context, entry);
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Append(ControlPlaneContext context, AuditEntry entry) => context.AuditRecords.Add(new AuditRecordEntity
    {
        Time = time.GetStorableNow(),
        OperationId = entry.OperationId,
        OrganizationId = entry.OrganizationId,
        ActorKind = entry.Actor.Kind,
        ActorId = entry.Actor.Id,
        ActorName = entry.Actor.Name,
        ApiKeyId = entry.Actor.ApiKeyId,
        Action = entry.Action,
        Resource = Cut(entry.Resource),
        Outcome = entry.Outcome,
        Code = entry.Code,
        Detail = entry.Detail is null ? null : Cut(entry.Detail),
        SourceAddress = entry.SourceAddress,
    });

    private static string Cut(string text) => text.Length <= MaxTextLength ? text : string.Concat(text.AsSpan(0, MaxTextLength), "…");
}
