using Planton.Api;
using Planton.Api.Runners;
using Planton.Server.Authorization;
using Planton.Server.Errors;

namespace Planton.Server.Credentials;

internal static class RunnerCredentialsEndpoints
{
    public static void MapRunnerCredentials(this IEndpointRouteBuilder api)
    {
        Map(api, "/organizations/{org}/runners/{name}/credentials", "GenerateRunnerCredentials");
        Map(api, "/platform/runners/{name}/credentials", "GeneratePlatformRunnerCredentials");
    }

    private static void Map(IEndpointRouteBuilder api, string path, string name) => api
        .MapPost(path, GenerateAsync)
        .WithName(name)
        .WithSummary("Makes credentials for a runner, which is registered if it is not; they are in this answer alone")
        .Produces<GenerateCredentialsResponse>(StatusCodes.Status201Created);

    private static async Task<IResult> GenerateAsync(
        HttpContext http, string name, RunnerCredentialsService credentials, CancellationToken cancellationToken)
    {
        var organization = http.GetRouteValue("org") as string;
        var result = await credentials.GenerateAsync(OperationContext.Of(http), organization, name, cancellationToken).ConfigureAwait(false);
        return result.ToJson(PlantonJson.Default.GenerateCredentialsResponse, StatusCodes.Status201Created);
    }
}
