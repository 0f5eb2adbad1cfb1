using Planton.Api;
using Planton.Api.ApiKeys;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Hosting;

namespace Planton.Server.ApiKeys;

internal static class OwnKeyEndpoints
{
    public static void MapOwnKeys(this IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("/me/api-keys");
        keys.MapGet("", ListAsync)
            .WithName("ListOwnKeys").WithSummary("Lists the caller's own keys, newest first, the revoked ones too").Produces<ListResponse<ApiKey>>();
        keys.MapPost("", CreateAsync)
            .WithName("CreateOwnKey").WithSummary("Makes another key for the caller; it is in this answer alone")
            .Accepts<CreateApiKeyRequest>("application/json").Produces<CreateApiKeyResponse>(StatusCodes.Status201Created);
        keys.MapDelete("/{id}", RevokeAsync)
            .WithName("RevokeOwnKey").WithSummary("Revokes one of the caller's own keys; what is under way with it is cut").Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListAsync(HttpContext http, OwnKeyService keys, CancellationToken cancellationToken)
    {
        var result = await keys.ListAsync(OperationContext.Of(http), cancellationToken).ConfigureAwait(false);
        return result.Succeeded
            ? Results.Json(new ListResponse<ApiKey>(result.Value), PlantonJson.Default.ListResponseApiKey)
            : new ErrorResult(result.Error);
    }

    private static async Task<IResult> CreateAsync(HttpContext http, OwnKeyService keys, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(http, PlantonJson.Default.CreateApiKeyRequest).ConfigureAwait(false);
        if (!body.Succeeded)
            return new ErrorResult(body.Error);
        return (await keys.CreateAsync(OperationContext.Of(http), body.Value, cancellationToken).ConfigureAwait(false)).ToAnswer();
    }

    private static async Task<IResult> RevokeAsync(HttpContext http, string id, OwnKeyService keys, CancellationToken cancellationToken) =>
        (await keys.RevokeAsync(OperationContext.Of(http), id, cancellationToken).ConfigureAwait(false)).ToNoContent();
}
