using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Planton.Api;
using Planton.Api.Credentials;
using Planton.Api.Runners;
using Planton.Server.Authorization;
using Planton.Server.CertificateAuthority;
using Planton.Server.Encryption;
using Planton.Server.Errors;
using Planton.Server.Hosting;

namespace Planton.Server.Credentials;

/// <summary>Credentials of an organization's runners, and with the same handlers of the platform's, where the route has no organization.</summary>
internal static class RunnerCredentialsEndpoints
{
    public static void MapRunnerCredentials(this IEndpointRouteBuilder api)
    {
        Map(api.MapGroup("/organizations/{org}/runners/{name}/credentials"), "Runner");
        Map(api.MapGroup("/platform/runners/{name}/credentials"), "PlatformRunner");
    }

    private static void Map(RouteGroupBuilder credentials, string name)
    {
        credentials.MapGet("", ListAsync)
            .WithName($"List{name}Credentials")
            .WithSummary("Lists a runner's credentials, newest first, the revoked ones too")
            .Produces<ListResponse<RunnerCredential>>();
        credentials.MapPost("", GenerateAsync)
            .WithName($"Generate{name}Credentials")
            .WithSummary("Makes credentials for a runner, which is registered if it is not; they are in this answer alone")
            .AddOpenApiOperationTransformer(DescribeBodyAsync).Produces<GenerateCredentialsResponse>(StatusCodes.Status201Created);
        credentials.MapPost("/regenerate", RegenerateAsync)
            .WithName($"Regenerate{name}Credentials")
            .WithSummary("Makes credentials for a runner and revokes all earlier ones; what lives by those is cut")
            .AddOpenApiOperationTransformer(DescribeBodyAsync).Produces<RegenerateCredentialsResponse>(StatusCodes.Status201Created);
        credentials.MapDelete("/{id}", RevokeAsync)
            .WithName($"Revoke{name}Credential")
            .WithSummary("Revokes one of a runner's credentials; what lives by it is cut")
            .Produces<RevocationSummary>();
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, string name, RunnerCredentialsService credentials, CancellationToken cancellationToken)
    {
        var result = await credentials.ListAsync(OperationContext.Of(http), Organization(http), name, cancellationToken).ConfigureAwait(false);
        return result.Succeeded
            ? Results.Json(new ListResponse<RunnerCredential>(result.Value), PlantonJson.Default.ListResponseRunnerCredential)
            : new ErrorResult(result.Error);
    }

    private static async Task<IResult> GenerateAsync(
        HttpContext http, string name, RunnerCredentialsService credentials, CertificateOptions options, CancellationToken cancellationToken)
    {
        var request = await ReadAsync(http, options).ConfigureAwait(false);
        if (!request.Succeeded)
            return new ErrorResult(request.Error);
        var result = await credentials.GenerateAsync(
            OperationContext.Of(http), Organization(http), name, CredentialLifetime.Of(request.Value), cancellationToken).ConfigureAwait(false);
        return ToAnswer(result, PlantonJson.Default.GenerateCredentialsResponse);
    }

    private static async Task<IResult> RegenerateAsync(
        HttpContext http, string name, RunnerRevocationService credentials, CertificateOptions options, CancellationToken cancellationToken)
    {
        var request = await ReadAsync(http, options).ConfigureAwait(false);
        if (!request.Succeeded)
            return new ErrorResult(request.Error);
        var result = await credentials.RegenerateAsync(
            OperationContext.Of(http), Organization(http), name, CredentialLifetime.Of(request.Value), cancellationToken).ConfigureAwait(false);
        return ToAnswer(result, PlantonJson.Default.RegenerateCredentialsResponse);
    }

    private static async Task<IResult> RevokeAsync(
        HttpContext http, string name, string id, RunnerRevocationService credentials, CancellationToken cancellationToken)
    {
        var result = await credentials.RevokeAsync(OperationContext.Of(http), Organization(http), name, id, cancellationToken).ConfigureAwait(false);
        return result.ToJson(PlantonJson.Default.RevocationSummary);
    }

    // The body came later than the endpoint: who sends none means the defaults.
    private static async Task<Result<GenerateCredentialsRequest>> ReadAsync(HttpContext http, CertificateOptions options)
    {
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
            return new GenerateCredentialsRequest();
        var request = await RequestBody.ReadAsync(http, PlantonJson.Default.GenerateCredentialsRequest).ConfigureAwait(false);
        return request.Succeeded && CredentialLifetime.Check(request.Value, options) is { } fault ? fault : request;
    }

    // Described here and not as what the endpoint accepts: a request without a body, which has no type, would match no endpoint.
    private static async Task DescribeBodyAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var schema = await context.GetOrCreateSchemaAsync(typeof(GenerateCredentialsRequest), null, cancellationToken).ConfigureAwait(false);
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = false,
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { ["application/json"] = new() { Schema = schema } },
        };
    }

    private static IResult ToAnswer<T>(Result<WithCredentials<T>> result, JsonTypeInfo<T> type) => result.Succeeded
        ? new SecretAnswer<T>(result.Value.Answer, type, result.Value.Issued.Secrets, StatusCodes.Status201Created)
        : new ErrorResult(result.Error);

    private static string? Organization(HttpContext http) => http.GetRouteValue("org") as string;
}
