using Planton.Api;
using Planton.Api.Environments;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Hosting;

namespace Planton.Server.Environments;

internal static class EnvironmentEndpoints
{
    public static void MapEnvironments(this IEndpointRouteBuilder api)
    {
        var environments = api.MapGroup("/organizations/{org}/environments");
        environments.MapGet("", ListAsync)
            .WithName("ListEnvironments").WithSummary("Lists the environments of an organization").Produces<ListResponse<OrganizationEnvironment>>();
        environments.MapPost("", CreateAsync)
            .WithName("CreateEnvironment").WithSummary("Makes an environment")
            .Accepts<CreateEnvironmentRequest>("application/json").Produces<OrganizationEnvironment>(StatusCodes.Status201Created);
        environments.MapDelete("/{name}", DeleteAsync)
            .WithName("DeleteEnvironment").WithSummary("Removes an environment that nothing is left in").Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListAsync(HttpContext http, string org, EnvironmentService environments, CancellationToken cancellationToken)
    {
        var result = await environments.ListAsync(OperationContext.Of(http), org, cancellationToken).ConfigureAwait(false);
        return result.Succeeded
            ? Results.Json(new ListResponse<OrganizationEnvironment>(result.Value), PlantonJson.Default.ListResponseOrganizationEnvironment)
            : new ErrorResult(result.Error);
    }

    private static async Task<IResult> CreateAsync(HttpContext http, string org, EnvironmentService environments, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(http, PlantonJson.Default.CreateEnvironmentRequest).ConfigureAwait(false);
        if (!body.Succeeded)
            return new ErrorResult(body.Error);
        var result = await environments.CreateAsync(OperationContext.Of(http), org, body.Value, cancellationToken).ConfigureAwait(false);
        return result.ToJson(PlantonJson.Default.OrganizationEnvironment, StatusCodes.Status201Created);
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext http, string org, string name, EnvironmentService environments, CancellationToken cancellationToken) =>
        (await environments.DeleteAsync(OperationContext.Of(http), org, name, cancellationToken).ConfigureAwait(false)).ToNoContent();
}
