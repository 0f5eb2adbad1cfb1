using Microsoft.EntityFrameworkCore;
using Planton.Server.Audit;
using Planton.Server.Hosting;
using Planton.Server.Storage;

namespace Planton.Server.Offline;

/// <summary><c>planton-server audit accept-rollback</c></summary>
internal static class AuditAcceptCommand
{
    public const string Description =
        "Goes on with a database that was put back to an earlier state, and records that in the audit trail. The server must be stopped";

    public static async Task<int> RunAsync(ServerOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        var data = await OfflineData.OpenAsync(options, cancellationToken).ConfigureAwait(false);
        await using var _ = data.ConfigureAwait(false);
        var fault = await AcceptAsync(data, cancellationToken).ConfigureAwait(false);
        await output.WriteLineAsync(fault is null
            ? "The audit trail is as this server left it. Nothing was changed."
            : $"Accepted and recorded: {fault}. Start the server.").ConfigureAwait(false);
        return ServerExit.Ok;
    }

    private static async Task<string?> AcceptAsync(OfflineData data, CancellationToken cancellationToken)
    {
        var transaction = await data.Contexts.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var context = transaction.Context;
        var head = await context.AuditHeads.AsNoTracking().SingleOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (head is null)
            throw new StartupException("the head of the audit trail is missing: there is nothing to go on with; put back a backup of the database");
        if (!data.Get<AuditHeadSigner>().IsGenuine(head))
            throw new StartupException("the head of the audit trail was altered, or signed under another master key: that is no earlier state; put back a backup of the database");
        var mark = data.Get<AuditMark>();
        if (await data.Get<AuditRollbackCheck>().FindAsync(context, head, AuditTrailOpener.MaxChecked, cancellationToken).ConfigureAwait(false) is not { } fault)
            return null;
        var before = mark.Last is { } seen ? $"record {seen.Sequence} with hash {seen.Hash} was seen before" : "what was seen before is not known";
        mark.Accept(AuditPlace.Of(head));
        data.Get<IAuditLog>().Append(context, OfflineRecord.Of(
            AuditAction.AcceptRollback, "platform/audit", $"{fault}; {before}; accepted from record {head.Sequence} with hash {head.Hash}"));
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        // After the commit: killed in between, it is accepted, and recorded, once more.
        await mark.WriteAsync(CancellationToken.None).ConfigureAwait(false);
        return fault;
    }
}
