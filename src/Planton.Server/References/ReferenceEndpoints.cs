using Planton.Api;
using Planton.Api.References;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Hosting;

namespace Planton.Server.References;

internal static class ReferenceEndpoints
{
    public static void MapReferences(this IEndpointRouteBuilder api) => api
        .MapPost("/organizations/{org}/resolve", ResolveAsync)
        .WithName("ResolveReferences").WithSummary("Reads the values of references to secrets and variables; it is recorded who did")
        .Accepts<ResolveRequest>("application/json").Produces<ResolveResponse>();

    private static async Task<IResult> ResolveAsync(HttpContext http, string org, ReferenceResolver references, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(http, PlantonJson.Default.ResolveRequest).ConfigureAwait(false);
        if (!body.Succeeded)
            return new ErrorResult(body.Error);
        var result = await references.ResolveAsync(OperationContext.Of(http), org, body.Value, cancellationToken).ConfigureAwait(false);
        return result.ToJson(PlantonJson.Default.ResolveResponse);
    }
}
