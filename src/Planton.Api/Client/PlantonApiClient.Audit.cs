using Planton.Api.Audit;

namespace Planton.Api.Client;

public sealed partial class PlantonApiClient
{
    /// <summary>Lists records of the audit trail. A null <paramref name="org"/> means the whole control plane's.</summary>
    public Task<AuditPage> ListAuditAsync(string? org, AuditQuery? query = null, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Get, $"{BasePath(org)}/audit{query?.ToQueryString()}", PlantonJson.Default.AuditPage, cancellationToken);

    /// <summary>Checks every record of the audit trail.</summary>
    public Task<AuditVerification> VerifyAuditAsync(CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, "api/v1/platform/audit/verify", PlantonJson.Default.AuditVerification, cancellationToken);

    private static string BasePath(string? org) => org is null ? "api/v1/platform" : OrganizationPath(org);
}
