using Planton.Server.Audit;

namespace Planton.Server.Offline;

/// <summary>The audit record of what is done at the machine itself, by whoever may open the server's files.</summary>
internal static class OfflineRecord
{
    public static AuditEntry Of(string action, string resource, string detail) => new()
    {
        OperationId = Guid.CreateVersion7().ToString(),
        Actor = new AuditActor("system", "", $"planton-server command, by {Environment.UserName}"),
        Action = action,
        Resource = resource,
        Outcome = AuditOutcome.Allowed,
        Detail = detail,
    };
}
