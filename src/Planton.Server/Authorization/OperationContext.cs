using Planton.Server.Audit;
using Planton.Server.Errors;
using Planton.Server.Hosting;

namespace Planton.Server.Authorization;

/// <summary>Who asks, and under which id it is known: what every service needs to decide and to record.</summary>
internal sealed record OperationContext(CallerIdentity Caller, string OperationId, string? SourceAddress)
{
    public static OperationContext Of(HttpContext http) =>
        new(http.GetCaller(), http.GetOperationId(), http.Connection.RemoteIpAddress?.ToString());

    /// <summary>The record of a decision to do it.</summary>
    public AuditEntry Allowed(string action, string resource, string? organizationId, string? detail = null) => new()
    {
        OperationId = OperationId,
        OrganizationId = organizationId,
        Actor = Caller.ToAuditActor(),
        Action = action,
        Resource = resource,
        Outcome = AuditOutcome.Allowed,
        Detail = detail,
        SourceAddress = SourceAddress,
    };

    /// <summary>The record of a decision not to.</summary>
    public AuditEntry Denied(string action, string resource, string? organizationId, Error error) =>
        Allowed(action, resource, organizationId, error.Detail) with { Outcome = AuditOutcome.Denied, Code = error.Code };
}
