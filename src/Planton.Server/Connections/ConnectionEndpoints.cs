using Planton.Api;
using Planton.Api.Connections;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Hosting;

namespace Planton.Server.Connections;

internal static class ConnectionEndpoints
{
    public static void MapConnections(this IEndpointRouteBuilder api)
    {
        var connections = api.MapGroup("/organizations/{org}/connections");
        connections.MapGet("", ListAsync)
            .WithName("ListConnections").WithSummary("Lists the connections of an organization").Produces<ListResponse<Connection>>();
        connections.MapPost("", CreateAsync)
            .WithName("CreateConnection").WithSummary("Makes a connection")
            .Accepts<CreateConnectionRequest>("application/json").Produces<Connection>(StatusCodes.Status201Created);
        connections.MapGet("/{name}", GetAsync)
            .WithName("GetConnection").WithSummary("Gets one connection").Produces<Connection>();
        connections.MapDelete("/{name}", DeleteAsync)
            .WithName("DeleteConnection").WithSummary("Removes a connection").Produces(StatusCodes.Status204NoContent);
        connections.MapPut("/{name}/environments", SetEnvironmentsAsync)
            .WithName("SetConnectionEnvironments").WithSummary("Says which environments may use a connection; none means all")
            .Accepts<SetConnectionEnvironmentsRequest>("application/json").Produces<Connection>();
        connections.MapPost("/{name}/test", TestAsync)
            .WithName("TestConnection").WithSummary("Sends one small request to the target, and tells how far it got").Produces<ConnectionTest>();
    }

    private static async Task<IResult> ListAsync(HttpContext http, string org, ConnectionService connections, CancellationToken cancellationToken)
    {
        var result = await connections.ListAsync(OperationContext.Of(http), org, cancellationToken).ConfigureAwait(false);
        return result.Succeeded
            ? Results.Json(new ListResponse<Connection>(result.Value), PlantonJson.Default.ListResponseConnection)
            : new ErrorResult(result.Error);
    }

    private static async Task<IResult> CreateAsync(HttpContext http, string org, ConnectionCreation connections, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(http, PlantonJson.Default.CreateConnectionRequest).ConfigureAwait(false);
        if (!body.Succeeded)
            return new ErrorResult(body.Error);
        var result = await connections.CreateAsync(OperationContext.Of(http), org, body.Value, cancellationToken).ConfigureAwait(false);
        return result.ToJson(PlantonJson.Default.Connection, StatusCodes.Status201Created);
    }

    private static async Task<IResult> GetAsync(
        HttpContext http, string org, string name, ConnectionService connections, CancellationToken cancellationToken)
    {
        var result = await connections.GetAsync(OperationContext.Of(http), org, name, cancellationToken).ConfigureAwait(false);
        return result.ToJson(PlantonJson.Default.Connection);
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext http, string org, string name, ConnectionService connections, CancellationToken cancellationToken)
    {
        var error = await connections.DeleteAsync(OperationContext.Of(http), org, name, cancellationToken).ConfigureAwait(false);
        return error.ToNoContent();
    }

    private static async Task<IResult> SetEnvironmentsAsync(
        HttpContext http, string org, string name, ConnectionEnvironmentService environments, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(http, PlantonJson.Default.SetConnectionEnvironmentsRequest).ConfigureAwait(false);
        if (!body.Succeeded)
            return new ErrorResult(body.Error);
        var result = await environments.SetAsync(OperationContext.Of(http), org, name, body.Value, cancellationToken).ConfigureAwait(false);
        return result.ToJson(PlantonJson.Default.Connection);
    }

    private static Task<IResult> TestAsync(
        HttpContext http, string org, string name, string? environment, ConnectionTestService tests, LiveOperations live) => live.RunAsync(
            http, org, Permission.TestConnection,
            async running => (await tests.TestAsync(OperationContext.Of(http), org, name, environment, running, http.RequestAborted).ConfigureAwait(false))
                .ToJson(PlantonJson.Default.ConnectionTest));
}
