using Microsoft.AspNetCore.Mvc;
using Planton.Api;
using Planton.Api.Variables;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Hosting;

namespace Planton.Server.Variables;

internal static class VariableEndpoints
{
    public static void MapVariables(this IEndpointRouteBuilder api)
    {
        var variables = api.MapGroup("/organizations/{org}/variables");
        variables.MapGet("", ListAsync)
            .WithName("ListVariables").WithSummary("Lists variables").Produces<ListResponse<Variable>>();
        variables.MapGet("/{name}", GetAsync)
            .WithName("GetVariable").WithSummary("Gets one variable with its versions").Produces<Variable>();
        variables.MapPut("/{name}", PutAsync)
            .WithName("PutVariable").WithSummary("Writes a new version of a variable, which is made if there is none")
            .Accepts<PutVariableRequest>("application/json").Produces<Variable>();
        variables.MapDelete("/{name}", DeleteAsync)
            .WithName("DeleteVariable").WithSummary("Removes a variable with all its versions").Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, string org, [FromQuery] string? environment, VariableService variables, CancellationToken cancellationToken)
    {
        var result = await variables.ListAsync(OperationContext.Of(http), org, environment, cancellationToken).ConfigureAwait(false);
        return result.Succeeded
            ? Results.Json(new ListResponse<Variable>(result.Value), PlantonJson.Default.ListResponseVariable)
            : new ErrorResult(result.Error);
    }

    private static async Task<IResult> GetAsync(
        HttpContext http, string org, string name, [FromQuery] string? environment, VariableService variables, CancellationToken cancellationToken) =>
        (await variables.GetAsync(OperationContext.Of(http), org, environment, name, cancellationToken).ConfigureAwait(false))
        .ToJson(PlantonJson.Default.Variable);

    private static async Task<IResult> PutAsync(
        HttpContext http, string org, string name, [FromQuery] string? environment, VariableService variables, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(http, PlantonJson.Default.PutVariableRequest).ConfigureAwait(false);
        if (!body.Succeeded)
            return new ErrorResult(body.Error);
        var result = await variables.PutAsync(OperationContext.Of(http), org, environment, name, body.Value, cancellationToken).ConfigureAwait(false);
        return result.ToJson(PlantonJson.Default.Variable);
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext http, string org, string name, [FromQuery] string? environment, VariableService variables, CancellationToken cancellationToken) =>
        (await variables.DeleteAsync(OperationContext.Of(http), org, environment, name, cancellationToken).ConfigureAwait(false)).ToNoContent();
}
