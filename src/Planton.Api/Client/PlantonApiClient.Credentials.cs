using Planton.Api.Credentials;
using Planton.Api.Runners;

namespace Planton.Api.Client;

/// <content>The credentials of a runner. A null organization means a runner of the platform.</content>
public sealed partial class PlantonApiClient
{
    /// <summary>Lists a runner's credentials, newest first, the revoked ones too.</summary>
    public Task<ListResponse<RunnerCredential>> ListCredentialsAsync(string? org, string runner, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Get, CredentialsPath(org, runner), PlantonJson.Default.ListResponseRunnerCredential, cancellationToken);

    /// <summary>Revokes one; what lived by it is cut when this returns. One that was revoked before is no error: nothing more ends.</summary>
    public Task<RevocationSummary> RevokeCredentialAsync(string? org, string runner, string id, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Delete, $"{CredentialsPath(org, runner)}/{Escape(id)}", PlantonJson.Default.RevocationSummary, cancellationToken);

    /// <summary>Makes new credentials for a registered runner and revokes all earlier ones.</summary>
    public Task<RegenerateCredentialsResponse> RegenerateCredentialsAsync(string? org, string runner, CancellationToken cancellationToken = default) =>
        RegenerateCredentialsAsync(org, runner, null, cancellationToken);

    /// <inheritdoc cref="RegenerateCredentialsAsync(string?, string, CancellationToken)"/>
    public Task<RegenerateCredentialsResponse> RegenerateCredentialsAsync(
        string? org, string runner, GenerateCredentialsRequest? request, CancellationToken cancellationToken = default) =>
        SendAsync(
            HttpMethod.Post, $"{CredentialsPath(org, runner)}/regenerate", PlantonJson.Default.RegenerateCredentialsResponse,
            request, PlantonJson.Default.GenerateCredentialsRequest, cancellationToken);

    /// <inheritdoc cref="GenerateCredentialsAsync(string?, string, CancellationToken)"/>
    public Task<GenerateCredentialsResponse> GenerateCredentialsAsync(
        string? org, string runner, GenerateCredentialsRequest? request, CancellationToken cancellationToken = default) =>
        SendAsync(
            HttpMethod.Post, CredentialsPath(org, runner), PlantonJson.Default.GenerateCredentialsResponse,
            request, PlantonJson.Default.GenerateCredentialsRequest, cancellationToken);

    private static string CredentialsPath(string? org, string runner) => $"{RunnersPath(org)}/{Escape(runner)}/credentials";
}
