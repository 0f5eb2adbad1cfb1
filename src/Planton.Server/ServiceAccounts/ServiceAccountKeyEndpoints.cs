using Planton.Api;
using Planton.Api.ApiKeys;
using Planton.Server.ApiKeys;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Hosting;

namespace Planton.Server.ServiceAccounts;

internal static class ServiceAccountKeyEndpoints
{
    public static void MapServiceAccountKeys(this IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("/organizations/{org}/service-accounts/{name}/keys");
        keys.MapGet("", ListAsync)
            .WithName("ListServiceAccountKeys").WithSummary("Lists the keys of a service account, newest first, the revoked ones too")
            .Produces<ListResponse<ApiKey>>();
        keys.MapPost("", CreateAsync)
            .WithName("CreateServiceAccountKey").WithSummary("Makes a key for a service account; it is in this answer alone")
            .Accepts<CreateApiKeyRequest>("application/json").Produces<CreateApiKeyResponse>(StatusCodes.Status201Created);
        keys.MapDelete("/{id}", RevokeAsync)
            .WithName("RevokeServiceAccountKey").WithSummary("Revokes a key of a service account; what is under way with it is cut")
            .Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, string org, string name, ServiceAccountKeyService keys, CancellationToken cancellationToken)
    {
        var result = await keys.ListAsync(OperationContext.Of(http), org, name, cancellationToken).ConfigureAwait(false);
        return result.Succeeded
            ? Results.Json(new ListResponse<ApiKey>(result.Value), PlantonJson.Default.ListResponseApiKey)
            : new ErrorResult(result.Error);
    }

    private static async Task<IResult> CreateAsync(
        HttpContext http, string org, string name, ServiceAccountKeyService keys, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(http, PlantonJson.Default.CreateApiKeyRequest).ConfigureAwait(false);
        if (!body.Succeeded)
            return new ErrorResult(body.Error);
        return (await keys.CreateAsync(OperationContext.Of(http), org, name, body.Value, cancellationToken).ConfigureAwait(false)).ToAnswer();
    }

    private static async Task<IResult> RevokeAsync(
        HttpContext http, string org, string name, string id, ServiceAccountKeyService keys, CancellationToken cancellationToken) =>
        (await keys.RevokeAsync(OperationContext.Of(http), org, name, id, cancellationToken).ConfigureAwait(false)).ToNoContent();
}
