using Planton.Api.RunnerGrants;

namespace Planton.Api.Client;

/// <content>What organizations may use the platform's runners for. Platform operators only.</content>
public sealed partial class PlantonApiClient
{
    /// <summary>Lists the grants of a platform runner.</summary>
    public Task<ListResponse<RunnerGrant>> ListRunnerGrantsAsync(string runner, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Get, GrantsPath(runner), PlantonJson.Default.ListResponseRunnerGrant, cancellationToken);

    /// <summary>Grants a platform runner to an organization.</summary>
    public Task<RunnerGrant> GrantRunnerAsync(string runner, CreateRunnerGrantRequest request, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, GrantsPath(runner), PlantonJson.Default.RunnerGrant,
            request, PlantonJson.Default.CreateRunnerGrantRequest, cancellationToken);

    /// <summary>Revokes a grant; what runs by it is aborted within a second.</summary>
    public Task RevokeRunnerGrantAsync(string runner, string id, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Delete, $"{GrantsPath(runner)}/{Escape(id)}", cancellationToken);

    private static string GrantsPath(string runner) => $"{RunnersPath(null)}/{Escape(runner)}/grants";
}
