using Planton.Api;
using Planton.Api.ServiceAccounts;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Hosting;

namespace Planton.Server.ServiceAccounts;

internal static class ServiceAccountEndpoints
{
    public static void MapServiceAccounts(this IEndpointRouteBuilder api)
    {
        var accounts = api.MapGroup("/organizations/{org}/service-accounts");
        accounts.MapGet("", ListAsync)
            .WithName("ListServiceAccounts").WithSummary("Lists the service accounts of an organization, those of its runners too")
            .Produces<ListResponse<ServiceAccount>>();
        accounts.MapPost("", CreateAsync)
            .WithName("CreateServiceAccount").WithSummary("Makes a service account, without keys yet")
            .Accepts<CreateServiceAccountRequest>("application/json").Produces<ServiceAccount>(StatusCodes.Status201Created);
        accounts.MapGet("/{name}", GetAsync)
            .WithName("GetServiceAccount").WithSummary("Gets one service account").Produces<ServiceAccount>();
        accounts.MapDelete("/{name}", DeleteAsync)
            .WithName("DeleteServiceAccount").WithSummary("Removes a service account with its keys; what is under way with them is cut")
            .Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListAsync(HttpContext http, string org, ServiceAccountService accounts, CancellationToken cancellationToken)
    {
        var result = await accounts.ListAsync(OperationContext.Of(http), org, cancellationToken).ConfigureAwait(false);
        return result.Succeeded
            ? Results.Json(new ListResponse<ServiceAccount>(result.Value), PlantonJson.Default.ListResponseServiceAccount)
            : new ErrorResult(result.Error);
    }

    private static async Task<IResult> CreateAsync(HttpContext http, string org, ServiceAccountService accounts, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(http, PlantonJson.Default.CreateServiceAccountRequest).ConfigureAwait(false);
        if (!body.Succeeded)
            return new ErrorResult(body.Error);
        var result = await accounts.CreateAsync(OperationContext.Of(http), org, body.Value, cancellationToken).ConfigureAwait(false);
        return result.ToJson(PlantonJson.Default.ServiceAccount, StatusCodes.Status201Created);
    }

    private static async Task<IResult> GetAsync(
        HttpContext http, string org, string name, ServiceAccountService accounts, CancellationToken cancellationToken) =>
        (await accounts.GetAsync(OperationContext.Of(http), org, name, cancellationToken).ConfigureAwait(false))
        .ToJson(PlantonJson.Default.ServiceAccount);

    private static async Task<IResult> DeleteAsync(
        HttpContext http, string org, string name, ServiceAccountService accounts, CancellationToken cancellationToken) =>
        (await accounts.DeleteAsync(OperationContext.Of(http), org, name, cancellationToken).ConfigureAwait(false)).ToNoContent();
}
