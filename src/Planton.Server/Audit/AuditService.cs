using Microsoft.EntityFrameworkCore;
using Planton.Api.Audit;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Storage;

namespace Planton.Server.Audit;

/// <summary>Reads the trail for those who may.</summary>
internal sealed class AuditService(IDbContextFactory<ControlPlaneContext> contexts, Gatekeeper gatekeeper, IAuditLog audit, AuditVerifier verifier)
{
    private const int DefaultLimit = 100;

    /// <summary>A null <paramref name="organization"/> asks for the whole control plane's records.</summary>
    public async Task<Result<AuditPage>> ListAsync(
        OperationContext operation, string? organization, AuditQuery query, CancellationToken cancellationToken)
    {
        if (AuditQueryValidator.Validate(query) is { } invalid)
            return invalid;
        string? organizationId = null;
        if (organization is not null)
        {
            var entered = await gatekeeper.EnterAsync(operation, organization, Permission.ReadAudit, "audit.list", "audit", cancellationToken).ConfigureAwait(false);
            if (!entered.Succeeded)
                return entered.Error;
            organizationId = entered.Value.OrganizationId;
        }
        else if (await gatekeeper.EnterPlatformAsync(operation, Permission.ReadPlatformAudit, "audit.list", "platform/audit", cancellationToken)
            .ConfigureAwait(false) is { } denied)
        {
            return denied;
        }

        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var limit = query.Limit ?? DefaultLimit;
        var matching = AuditQueries.Matching(context, organizationId, query);
        var ordered = query.After is null ? matching.OrderByDescending(record => record.Sequence) : matching.OrderBy(record => record.Sequence);
        var found = await ordered.Take(limit).ToListAsync(cancellationToken).ConfigureAwait(false);
        var next = query.After is { } after
            ? found.Count > 0 ? found[^1].Sequence : after
            : found.Count == limit ? found[^1].Sequence : (long?)null;
        return new AuditPage(found.ConvertAll(View), next);
    }

    /// <summary>Checks the whole trail. It is recorded that it was asked for.</summary>
    public async Task<Result<AuditVerification>> VerifyAsync(OperationContext operation, CancellationToken cancellationToken)
    {
        const string Resource = "platform/audit";
        if (await gatekeeper.EnterPlatformAsync(operation, Permission.ReadPlatformAudit, AuditAction.VerifyAudit, Resource, cancellationToken)
            .ConfigureAwait(false) is { } denied)
            return denied;
        // A trail that is damaged at its head takes no record, and it is this very answer that says so.
        try
        {
            await audit.RecordAsync(operation.Allowed(AuditAction.VerifyAudit, Resource, null), cancellationToken).ConfigureAwait(false);
        }
        catch (AuditNotWrittenException)
        {
            var damaged = await verifier.VerifyAsync(cancellationToken).ConfigureAwait(false);
            if (damaged.Ok)
                throw;
            return damaged;
        }

        return await verifier.VerifyAsync(cancellationToken).ConfigureAwait(false);
    }

    private static AuditRecord View(AuditRecordEntity record) => new()
    {
        Sequence = record.Sequence,
        Time = record.Time,
        OperationId = record.OperationId,
        OrganizationId = record.OrganizationId,
        Actor = new Api.Audit.AuditActor(record.ActorKind, record.ActorId, record.ActorName, record.ApiKeyId),
        Action = record.Action,
        Resource = record.Resource,
        Outcome = record.Outcome,
        Code = record.Code,
        Detail = record.Detail,
        SourceAddress = record.SourceAddress,
        Hash = record.Hash,
    };
}
