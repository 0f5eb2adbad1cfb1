using Microsoft.AspNetCore.Mvc;
using Planton.Api;
using Planton.Api.Secrets;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Hosting;

namespace Planton.Server.Secrets;

internal static class SecretEndpoints
{
    // JSON may write one byte as six ("\u0000").
    private const int MaxBodyBytes = (6 * PutSecretRequest.MaxBytes) + (64 * 1024);

    public static void MapSecrets(this IEndpointRouteBuilder api)
    {
        var secrets = api.MapGroup("/organizations/{org}/secrets");
        secrets.MapGet("", ListAsync)
            .WithName("ListSecrets").WithSummary("Lists secrets, without their values").Produces<ListResponse<Secret>>();
        secrets.MapGet("/{name}", GetAsync)
            .WithName("GetSecret").WithSummary("Gets one secret with its versions, without their values").Produces<Secret>();
        secrets.MapPut("/{name}", PutAsync)
            .WithName("PutSecret").WithSummary("Writes a new version of a secret, which is made if there is none")
            .Accepts<PutSecretRequest>("application/json").Produces<Secret>();
        secrets.MapDelete("/{name}", DeleteAsync)
            .WithName("DeleteSecret").WithSummary("Removes a secret with all its versions").Produces(StatusCodes.Status204NoContent);
        secrets.MapPost("/{name}/reveal", RevealAsync)
            .WithName("RevealSecret").WithSummary("Reads the values of a secret; it is recorded who did").Produces<SecretValues>();
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, string org, [FromQuery] string? environment, SecretService secrets, CancellationToken cancellationToken)
    {
        var result = await secrets.ListAsync(OperationContext.Of(http), org, environment, cancellationToken).ConfigureAwait(false);
        return result.Succeeded
            ? Results.Json(new ListResponse<Secret>(result.Value), PlantonJson.Default.ListResponseSecret)
            : new ErrorResult(result.Error);
    }

    private static async Task<IResult> GetAsync(
        HttpContext http, string org, string name, [FromQuery] string? environment, SecretService secrets, CancellationToken cancellationToken) =>
        (await secrets.GetAsync(OperationContext.Of(http), org, environment, name, cancellationToken).ConfigureAwait(false))
        .ToJson(PlantonJson.Default.Secret);

    private static async Task<IResult> PutAsync(
        HttpContext http, string org, string name, [FromQuery] string? environment, SecretService secrets, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(http, PlantonJson.Default.PutSecretRequest, MaxBodyBytes).ConfigureAwait(false);
        if (!body.Succeeded)
            return new ErrorResult(body.Error);
        var result = await secrets.PutAsync(OperationContext.Of(http), org, environment, name, body.Value, cancellationToken).ConfigureAwait(false);
        return result.ToJson(PlantonJson.Default.Secret);
    }

    private static async Task<IResult> DeleteAsync(
        HttpContext http, string org, string name, [FromQuery] string? environment, SecretService secrets, CancellationToken cancellationToken) =>
        (await secrets.DeleteAsync(OperationContext.Of(http), org, environment, name, cancellationToken).ConfigureAwait(false)).ToNoContent();

    private static async Task<IResult> RevealAsync(
        HttpContext http, string org, string name, [FromQuery] string? environment, [FromQuery] int? version, SecretRevealer secrets,
        CancellationToken cancellationToken) =>
        (await secrets.RevealAsync(OperationContext.Of(http), org, environment, name, version, cancellationToken).ConfigureAwait(false))
        .ToJson(PlantonJson.Default.SecretValues);
}
