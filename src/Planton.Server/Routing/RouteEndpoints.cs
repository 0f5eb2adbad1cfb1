using Planton.Api;
using Planton.Api.Routing;
using Planton.Server.Authorization;
using Planton.Server.Errors;

namespace Planton.Server.Routing;

internal static class RouteEndpoints
{
    public static void MapRoutes(this IEndpointRouteBuilder api) => api
        .MapGet("/organizations/{org}/connections/{name}/route", ExplainAsync)
        .WithName("ExplainRoute").WithSummary("Tells where an operation on a connection would go now, or why nowhere").Produces<RouteExplanation>();

    private static async Task<IResult> ExplainAsync(
        HttpContext http, string org, string name, RouteExplainer routes, CancellationToken cancellationToken) =>
        (await routes.ExplainAsync(OperationContext.Of(http), org, name, cancellationToken).ConfigureAwait(false))
        .ToJson(PlantonJson.Default.RouteExplanation);
}
