using Planton.Api.Audit;
using Planton.Server.Errors;

namespace Planton.Server.Audit;

internal static class AuditQueryValidator
{
    private const int MaxTextLength = 128;

    /// <summary>Every fault of the query; null when there is none.</summary>
    public static Error? Validate(AuditQuery query)
    {
        var faults = new FieldFaults();
        if (query.Limit is < 1 or > AuditQuery.MaxLimit)
            faults.Add("limit", $"must be 1 to {AuditQuery.MaxLimit}");
        if (query.After is < 0)
            faults.Add("after", "must not be negative");
        if (query.Before is < 0)
            faults.Add("before", "must not be negative");
        Text(faults, "action", query.Action);
        Text(faults, "actor", query.Actor);
        Text(faults, "operationId", query.OperationId);
        if (query.Action?.TrimEnd(AuditQueries.Wildcard).Contains(AuditQueries.Wildcard, StringComparison.Ordinal) == true)
            faults.Add("action", "may have a star at its end only");
        if (query.Outcome is not (null or AuditOutcome.Allowed or AuditOutcome.Denied or AuditOutcome.Failed))
            faults.Add("outcome", $"must be {AuditOutcome.Allowed}, {AuditOutcome.Denied} or {AuditOutcome.Failed}");
        if (query.Since >= query.Until)
            faults.Add("until", "must be later than since");
        return faults.ToError();
    }

    private static void Text(FieldFaults faults, string field, string? value)
    {
        if (value is { Length: 0 or > MaxTextLength } || value?.Any(char.IsControl) == true)
            faults.Add(field, $"must be 1 to {MaxTextLength} characters, none of them a control character");
    }
}
