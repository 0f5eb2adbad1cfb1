using Microsoft.AspNetCore.Mvc;
using Planton.Api;
using Planton.Api.Audit;
using Planton.Server.Authorization;
using Planton.Server.Errors;

namespace Planton.Server.Audit;

internal static class AuditEndpoints
{
    public static void MapAudit(this IEndpointRouteBuilder api)
    {
        api.MapGet("/organizations/{org}/audit", ListAsync)
            .WithName("ListAudit").WithSummary("Lists the audit records of an organization").Produces<AuditPage>();
        api.MapGet("/platform/audit", ListPlatformAsync)
            .WithName("ListPlatformAudit").WithSummary("Lists the audit records of the whole control plane").Produces<AuditPage>();
        api.MapPost("/platform/audit/verify", VerifyAsync)
            .WithName("VerifyAudit").WithSummary("Checks that no audit record was altered, removed, added or moved").Produces<AuditVerification>();
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, string org, [AsParameters] AuditParameters parameters, AuditService audit, CancellationToken cancellationToken) =>
        Page(await audit.ListAsync(OperationContext.Of(http), org, parameters.ToQuery(), cancellationToken).ConfigureAwait(false));

    private static async Task<IResult> ListPlatformAsync(
        HttpContext http, [AsParameters] AuditParameters parameters, AuditService audit, CancellationToken cancellationToken) =>
        Page(await audit.ListAsync(OperationContext.Of(http), null, parameters.ToQuery(), cancellationToken).ConfigureAwait(false));

    private static async Task<IResult> VerifyAsync(HttpContext http, AuditService audit, CancellationToken cancellationToken)
    {
        var result = await audit.VerifyAsync(OperationContext.Of(http), cancellationToken).ConfigureAwait(false);
        return result.ToJson(PlantonJson.Default.AuditVerification);
    }

    private static IResult Page(Result<AuditPage> result) => result.ToJson(PlantonJson.Default.AuditPage);

    // Properties and no constructor: the endpoint generator cannot name nullable constructor parameters.
    internal sealed record AuditParameters
    {
        [FromQuery]
        public int? Limit { get; init; }

        [FromQuery]
        public long? After { get; init; }

        [FromQuery]
        public long? Before { get; init; }

        [FromQuery]
        public string? Action { get; init; }

        [FromQuery]
        public string? Actor { get; init; }

        [FromQuery]
        public string? Outcome { get; init; }

        [FromQuery]
        public string? OperationId { get; init; }

        [FromQuery]
        public DateTimeOffset? Since { get; init; }

        [FromQuery]
        public DateTimeOffset? Until { get; init; }

        public AuditQuery ToQuery() => new()
        {
            Limit = Limit, After = After, Before = Before, Action = Action, Actor = Actor, Outcome = Outcome, OperationId = OperationId,
            Since = Since, Until = Until,
        };
    }
}
