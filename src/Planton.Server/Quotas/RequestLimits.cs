using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Errors;

namespace Planton.Server.Quotas;

/// <summary>Refuses requests of callers that send too many, before anything is done for them. Behind authentication.</summary>
internal sealed class RequestLimits(RequestDelegate next, RequestLimiter limiter, IAuditLog audit)
{
    private const int MaxPath = 512;

    public async Task InvokeAsync(HttpContext context)
    {
        // Health checks and the like need no key, and are nobody's.
        if (context.Features.Get<CallerFeature>()?.Caller is not { } caller)
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        // Who is no member must not use up the organization's requests.
        var organization = context.GetRouteValue("org") is string name ? caller.Memberships.FirstOrDefault(m => m.OrganizationName == name) : null;
        if (limiter.Take(caller, organization) is not { } error)
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        var path = context.Request.Path.Value ?? "";
        var resource = $"{context.Request.Method} {(path.Length > MaxPath ? path[..MaxPath] : path)}";
        await audit.RecordAsync(
            OperationContext.Of(context).Denied(AuditAction.Request, resource, organization?.OrganizationId, error), context.RequestAborted).ConfigureAwait(false);
        await context.WriteErrorAsync(error).ConfigureAwait(false);
    }
}
