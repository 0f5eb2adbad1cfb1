using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Planton.Api.Connections;
using Planton.Api.Errors;
using Planton.Api.Identity;
using Planton.Api.Organizations;
using Planton.Api.Runners;
using Planton.Api.Server;

namespace Planton.Api.Client;

/// <summary>
/// A typed client of <c>/api/v1</c>. Every method throws <see cref="ApiException"/> when the control plane answers with an
/// error, and <see cref="HttpRequestException"/> when there is no answer. The caller owns <paramref name="http"/>, whose
/// <see cref="HttpClient.BaseAddress"/> is the control plane's URL and whose default headers carry the API key.
/// </summary>
public sealed partial class PlantonApiClient(HttpClient http)
{
    private const int MaxProblemBytes = 64 * 1024;

    /// <summary>The header value that authenticates with an API key.</summary>
    public static AuthenticationHeaderValue Bearer(string apiKey) => new("Bearer", apiKey);

    /// <summary><c>GET /api/v1/me</c>.</summary>
    public Task<Caller> GetCallerAsync(CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Get, "api/v1/me", PlantonJson.Default.Caller, cancellationToken);

    /// <summary><c>GET /api/v1/server</c>.</summary>
    public Task<ServerInfo> GetServerAsync(CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Get, "api/v1/server", PlantonJson.Default.ServerInfo, cancellationToken);

    /// <summary>Lists the organizations that the caller is a member of.</summary>
    public Task<ListResponse<Organization>> ListOrganizationsAsync(CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Get, "api/v1/organizations", PlantonJson.Default.ListResponseOrganization, cancellationToken);

    /// <summary>Makes an organization whose owner is the caller.</summary>
    public Task<Organization> CreateOrganizationAsync(string name, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, "api/v1/organizations", PlantonJson.Default.Organization,
            new CreateOrganizationRequest(name), PlantonJson.Default.CreateOrganizationRequest, cancellationToken);

    /// <summary>Gets one organization.</summary>
    public Task<Organization> GetOrganizationAsync(string org, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Get, OrganizationPath(org), PlantonJson.Default.Organization, cancellationToken);

    /// <summary>Removes an organization that has no runner and no connection; else <see cref="ErrorCode.Conflict"/>.</summary>
    public Task DeleteOrganizationAsync(string org, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Delete, OrganizationPath(org), cancellationToken);

    /// <summary>Lists runners. A null <paramref name="org"/> means those of the platform.</summary>
    public Task<ListResponse<Runner>> ListRunnersAsync(string? org, bool includePlatform = false, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Get, RunnersPath(org) + (includePlatform ? "?includePlatform=true" : ""),
            PlantonJson.Default.ListResponseRunner, cancellationToken);

    /// <summary>Registers a runner. A null <paramref name="org"/> means one of the platform.</summary>
    public Task<Runner> RegisterRunnerAsync(string? org, string name, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, RunnersPath(org), PlantonJson.Default.Runner,
            new RegisterRunnerRequest(name), PlantonJson.Default.RegisterRunnerRequest, cancellationToken);

    /// <summary>Gets one runner.</summary>
    public Task<Runner> GetRunnerAsync(string? org, string name, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Get, $"{RunnersPath(org)}/{Escape(name)}", PlantonJson.Default.Runner, cancellationToken);

    /// <summary>Registers the runner if it is not, and makes credentials for it.</summary>
    public Task<GenerateCredentialsResponse> GenerateCredentialsAsync(string? org, string name, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, $"{RunnersPath(org)}/{Escape(name)}/credentials", PlantonJson.Default.GenerateCredentialsResponse, cancellationToken);

    /// <summary>Lists the connections of an organization.</summary>
    public Task<ListResponse<Connection>> ListConnectionsAsync(string org, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Get, $"{OrganizationPath(org)}/connections", PlantonJson.Default.ListResponseConnection, cancellationToken);

    /// <summary>Makes a connection.</summary>
    public Task<Connection> CreateConnectionAsync(string org, CreateConnectionRequest request, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, $"{OrganizationPath(org)}/connections", PlantonJson.Default.Connection,
            request, PlantonJson.Default.CreateConnectionRequest, cancellationToken);

    /// <summary>Gets one connection.</summary>
    public Task<Connection> GetConnectionAsync(string org, string name, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Get, $"{OrganizationPath(org)}/connections/{Escape(name)}", PlantonJson.Default.Connection, cancellationToken);

    /// <summary>Removes a connection.</summary>
    public Task DeleteConnectionAsync(string org, string name, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Delete, $"{OrganizationPath(org)}/connections/{Escape(name)}", cancellationToken);

    private static string OrganizationPath(string org) => $"api/v1/organizations/{Escape(org)}";

    private static string RunnersPath(string? org) => org is null ? "api/v1/platform/runners" : $"{OrganizationPath(org)}/runners";

    private static string Escape(string segment) => Uri.EscapeDataString(segment);

    private Task<TResponse> SendAsync<TResponse>(
        HttpMethod method, string path, JsonTypeInfo<TResponse> responseType, CancellationToken cancellationToken) =>
        SendAsync<TResponse, object>(method, path, responseType, null, null, cancellationToken);

    private async Task<TResponse> SendAsync<TResponse, TRequest>(
        HttpMethod method, string path, JsonTypeInfo<TResponse> responseType,
        TRequest? body, JsonTypeInfo<TRequest>? bodyType, CancellationToken cancellationToken)
        where TRequest : class
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null && bodyType is not null)
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, bodyType))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        await ThrowIfProblemAsync(response, cancellationToken).ConfigureAwait(false);
        using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        return await JsonSerializer.DeserializeAsync(stream, responseType, cancellationToken).ConfigureAwait(false)
            ?? throw new HttpRequestException($"{request.RequestUri}: the answer is empty", null, response.StatusCode);
    }

    private async Task SendAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        await ThrowIfProblemAsync(response, cancellationToken).ConfigureAwait(false);
    }

    private static async Task ThrowIfProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
            return;
        if (response.Content.Headers.ContentType?.MediaType is "application/problem+json" or "application/json")
        {
            await response.Content.LoadIntoBufferAsync(MaxProblemBytes, cancellationToken).ConfigureAwait(false);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            if (TryRead(body) is { } problem)
                throw new ApiException(problem);
        }

        throw new ApiException(new Problem
        {
            Status = (int)response.StatusCode,
            Code = response.StatusCode == HttpStatusCode.Unauthorized ? ErrorCode.Unauthenticated : ErrorCode.Internal,
            Detail = $"{response.RequestMessage?.RequestUri} answered {(int)response.StatusCode} {response.ReasonPhrase}, which is not an answer of a Planton control plane",
            Hint = "Check the server's address (--server, PLANTON_SERVER) and any proxy in between.",
        });
    }

    private static Problem? TryRead(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, PlantonJson.Default.Problem) is { Code.Length: > 0, Status: > 0 } problem ? problem : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
