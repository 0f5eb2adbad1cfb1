using Planton.Api;
using Planton.Api.DefaultRunners;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Hosting;

namespace Planton.Server.DefaultRunners;

/// <summary>The default runner of an organization, and with the same handlers that of the platform, where the route has no organization.</summary>
internal static class DefaultRunnerEndpoints
{
    public static void MapDefaultRunners(this IEndpointRouteBuilder api)
    {
        Map(api.MapGroup("/organizations/{org}/default-runner"), "DefaultRunner", "an organization");
        Map(api.MapGroup("/platform/default-runner"), "PlatformDefaultRunner", "the platform");
    }

    private static void Map(RouteGroupBuilder runner, string name, string owner)
    {
        runner.MapGet("", GetAsync)
            .WithName($"Get{name}").WithSummary($"Gets the default runner of {owner}, and the level it comes from").Produces<DefaultRunner>();
        runner.MapPut("", SetAsync)
            .WithName($"Set{name}").WithSummary($"Sets the default runner of {owner}")
            .Accepts<SetDefaultRunnerRequest>("application/json").Produces<DefaultRunner>();
        runner.MapDelete("", UnsetAsync)
            .WithName($"Unset{name}").WithSummary($"Unsets the default runner of {owner}, and tells which one is used then").Produces<DefaultRunner>();
    }

    private static async Task<IResult> GetAsync(HttpContext http, DefaultRunnerService runners, CancellationToken cancellationToken) =>
        (await runners.GetAsync(OperationContext.Of(http), Organization(http), cancellationToken).ConfigureAwait(false))
        .ToJson(PlantonJson.Default.DefaultRunner);

    private static async Task<IResult> SetAsync(HttpContext http, DefaultRunnerService runners, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(http, PlantonJson.Default.SetDefaultRunnerRequest).ConfigureAwait(false);
        if (!body.Succeeded)
            return new ErrorResult(body.Error);
        var result = await runners.SetAsync(OperationContext.Of(http), Organization(http), body.Value, cancellationToken).ConfigureAwait(false);
        return result.ToJson(PlantonJson.Default.DefaultRunner);
    }

    private static async Task<IResult> UnsetAsync(HttpContext http, DefaultRunnerService runners, CancellationToken cancellationToken) =>
        (await runners.UnsetAsync(OperationContext.Of(http), Organization(http), cancellationToken).ConfigureAwait(false))
        .ToJson(PlantonJson.Default.DefaultRunner);

    private static string? Organization(HttpContext http) => http.GetRouteValue("org") as string;
}
