using Microsoft.EntityFrameworkCore;
using Planton.Api.Audit;
using Planton.Server.Storage;

namespace Planton.Server.Audit;

internal static class AuditQueries
{
    public const char Wildcard = '*';

    /// <summary>The records that <paramref name="query"/> asks for, in no order. A null organization: all of them.</summary>
    public static IQueryable<AuditRecordEntity> Matching(ControlPlaneContext context, string? organizationId, AuditQuery query)
    {
        var records = context.AuditRecords.AsNoTracking();
        if (organizationId is not null)
            records = records.Where(record => record.OrganizationId == organizationId);
        if (query.After is { } after)
            records = records.Where(record => record.Sequence > after);
        if (query.Before is { } before)
            records = records.Where(record => record.Sequence < before);
        if (query.Action is { } action)
            records = OfAction(records, action);
        if (query.Actor is { } actor)
            records = records.Where(record => record.ActorName == actor || record.ActorId == actor);
        if (query.Outcome is { } outcome)
            records = records.Where(record => record.Outcome == outcome);
        if (query.OperationId is { } operationId)
            records = records.Where(record => record.OperationId == operationId);
        if (query.Since is { } since)
            records = records.Where(record => record.Time >= since);
        if (query.Until is { } until)
            records = records.Where(record => record.Time < until);
        return records;
    }

    private static IQueryable<AuditRecordEntity> OfAction(IQueryable<AuditRecordEntity> records, string action)
    {
        if (!action.EndsWith(Wildcard))
            return records.Where(record => record.Action == action);
        var prefix = action[..^1];
        return records.Where(record => record.Action.StartsWith(prefix));
    }
}
