using Planton.Api;
using Planton.Api.Connections;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Hosting;

namespace Planton.Server.Connections;

internal static class DefaultConnectionEndpoints
{
    public static void MapDefaultConnections(this IEndpointRouteBuilder api)
    {
        var organization = api.MapGroup("/organizations/{org}");
        organization.MapGet("/default-connection", GetAsync)
            .WithName("GetDefaultConnection").WithSummary("Tells which connection is used where none is named").Produces<DefaultConnection>();
        organization.MapPut("/connections/{name}/default", SetAsync)
            .WithName("SetDefaultConnection").WithSummary("Makes a connection the default of an environment or of the organization")
            .Accepts<SetDefaultConnectionRequest>("application/json").Produces<Connection>();
        organization.MapDelete("/connections/{name}/default", UnsetAsync)
            .WithName("UnsetDefaultConnection").WithSummary("Takes a default connection back").Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> GetAsync(
        HttpContext http, string org, string? environment, DefaultConnectionService defaults, CancellationToken cancellationToken)
    {
        var result = await defaults.GetAsync(OperationContext.Of(http), org, environment, cancellationToken).ConfigureAwait(false);
        return result.ToJson(PlantonJson.Default.DefaultConnection);
    }

    private static async Task<IResult> SetAsync(
        HttpContext http, string org, string name, DefaultConnectionService defaults, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(http, PlantonJson.Default.SetDefaultConnectionRequest).ConfigureAwait(false);
        if (!body.Succeeded)
            return new ErrorResult(body.Error);
        var result = await defaults.SetAsync(OperationContext.Of(http), org, name, body.Value, cancellationToken).ConfigureAwait(false);
        return result.ToJson(PlantonJson.Default.Connection);
    }

    private static async Task<IResult> UnsetAsync(
        HttpContext http, string org, string name, string? environment, DefaultConnectionService defaults, CancellationToken cancellationToken) =>
        (await defaults.UnsetAsync(OperationContext.Of(http), org, name, environment, cancellationToken).ConfigureAwait(false)).ToNoContent();
}
