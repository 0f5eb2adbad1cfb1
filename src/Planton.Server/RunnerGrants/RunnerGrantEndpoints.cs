using Planton.Api;
using Planton.Api.RunnerGrants;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Hosting;

namespace Planton.Server.RunnerGrants;

internal static class RunnerGrantEndpoints
{
    public static void MapRunnerGrants(this IEndpointRouteBuilder api)
    {
        var grants = api.MapGroup("/platform/runners/{name}/grants");
        grants.MapGet("", ListAsync)
            .WithName("ListRunnerGrants").WithSummary("Lists which organizations a runner of the platform serves, and with what").Produces<ListResponse<RunnerGrant>>();
        grants.MapPost("", CreateAsync)
            .WithName("GrantRunner").WithSummary("Grants a runner of the platform to an organization")
            .Accepts<CreateRunnerGrantRequest>("application/json").Produces<RunnerGrant>(StatusCodes.Status201Created);
        grants.MapDelete("/{id}", RevokeAsync)
            .WithName("RevokeRunnerGrant").WithSummary("Revokes a grant; what runs by it is aborted").Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListAsync(HttpContext http, string name, RunnerGrantService grants, CancellationToken cancellationToken)
    {
        var result = await grants.ListAsync(OperationContext.Of(http), name, cancellationToken).ConfigureAwait(false);
        return result.Succeeded
            ? Results.Json(new ListResponse<RunnerGrant>(result.Value), PlantonJson.Default.ListResponseRunnerGrant)
            : new ErrorResult(result.Error);
    }

    private static async Task<IResult> CreateAsync(HttpContext http, string name, RunnerGrantService grants, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(http, PlantonJson.Default.CreateRunnerGrantRequest).ConfigureAwait(false);
        if (!body.Succeeded)
            return new ErrorResult(body.Error);
        var result = await grants.CreateAsync(OperationContext.Of(http), name, body.Value, cancellationToken).ConfigureAwait(false);
        return result.ToJson(PlantonJson.Default.RunnerGrant, StatusCodes.Status201Created);
    }

    private static async Task<IResult> RevokeAsync(HttpContext http, string name, string id, RunnerGrantService grants, CancellationToken cancellationToken) =>
        (await grants.RevokeAsync(OperationContext.Of(http), name, id, cancellationToken).ConfigureAwait(false)).ToNoContent();
}
