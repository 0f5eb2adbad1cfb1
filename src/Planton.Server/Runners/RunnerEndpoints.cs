using Planton.Api;
using Planton.Api.Credentials;
using Planton.Api.Runners;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Hosting;

namespace Planton.Server.Runners;

/// <summary>Runners of an organization, and with the same handlers those of the platform, where the route has no organization.</summary>
internal static class RunnerEndpoints
{
    public static void MapRunners(this IEndpointRouteBuilder api)
    {
        Map(api.MapGroup("/organizations/{org}/runners"), "Runner", "an organization");
        Map(api.MapGroup("/platform/runners"), "PlatformRunner", "the platform");
    }

    private static void Map(RouteGroupBuilder runners, string name, string owner)
    {
        runners.MapGet("", ListAsync)
            .WithName($"List{name}s").WithSummary($"Lists the runners of {owner}").Produces<ListResponse<Runner>>();
        runners.MapPost("", RegisterAsync)
            .WithName($"Register{name}").WithSummary($"Registers a runner of {owner}")
            .Accepts<RegisterRunnerRequest>("application/json").Produces<Runner>(StatusCodes.Status201Created);
        runners.MapGet("/{name}", GetAsync)
            .WithName($"Get{name}").WithSummary($"Gets a runner of {owner}").Produces<Runner>();
        runners.MapGet("/{name}/impact", GetImpactAsync)
            .WithName($"Get{name}Impact").WithSummary($"Tells what deleting a runner of {owner}, or revoking its credentials, would end")
            .Produces<RunnerImpact>();
        runners.MapDelete("/{name}", DeleteAsync)
            .WithName($"Delete{name}").WithSummary($"Removes a runner of {owner} with its service account, keys and credentials; what lives by them is cut")
            .Produces<RevocationSummary>();
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, RunnerService runners, CancellationToken cancellationToken, bool includePlatform = false)
    {
        var result = await runners
            .ListAsync(OperationContext.Of(http), Organization(http), includePlatform, cancellationToken).ConfigureAwait(false);
        return result.Succeeded
            ? Results.Json(new ListResponse<Runner>(result.Value), PlantonJson.Default.ListResponseRunner)
            : new ErrorResult(result.Error);
    }

    private static async Task<IResult> GetAsync(HttpContext http, string name, RunnerService runners, CancellationToken cancellationToken)
    {
        var result = await runners.GetAsync(OperationContext.Of(http), Organization(http), name, cancellationToken).ConfigureAwait(false);
        return result.ToJson(PlantonJson.Default.Runner);
    }

    private static async Task<IResult> RegisterAsync(HttpContext http, RunnerService runners, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(http, PlantonJson.Default.RegisterRunnerRequest).ConfigureAwait(false);
        if (!body.Succeeded)
            return new ErrorResult(body.Error);
        var result = await runners
            .RegisterAsync(OperationContext.Of(http), Organization(http), body.Value, cancellationToken).ConfigureAwait(false);
        return result.ToJson(PlantonJson.Default.Runner, StatusCodes.Status201Created);
    }

    private static async Task<IResult> GetImpactAsync(HttpContext http, string name, RunnerImpactService impacts, CancellationToken cancellationToken)
    {
        var result = await impacts.GetAsync(OperationContext.Of(http), Organization(http), name, cancellationToken).ConfigureAwait(false);
        return result.ToJson(PlantonJson.Default.RunnerImpact);
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, string name, RunnerDeletionService runners, CancellationToken cancellationToken)
    {
        var result = await runners.DeleteAsync(OperationContext.Of(http), Organization(http), name, cancellationToken).ConfigureAwait(false);
        return result.ToJson(PlantonJson.Default.RevocationSummary);
    }

    private static string? Organization(HttpContext http) => http.GetRouteValue("org") as string;
}
