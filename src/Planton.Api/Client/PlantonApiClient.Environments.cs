using Planton.Api.Environments;

namespace Planton.Api.Client;

public sealed partial class PlantonApiClient
{
    /// <summary>Lists the environments of an organization.</summary>
    public Task<ListResponse<OrganizationEnvironment>> ListEnvironmentsAsync(string org, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Get, $"{OrganizationPath(org)}/environments", PlantonJson.Default.ListResponseOrganizationEnvironment, cancellationToken);

    /// <summary>Makes an environment.</summary>
    public Task<OrganizationEnvironment> CreateEnvironmentAsync(string org, string name, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, $"{OrganizationPath(org)}/environments", PlantonJson.Default.OrganizationEnvironment,
            new CreateEnvironmentRequest(name), PlantonJson.Default.CreateEnvironmentRequest, cancellationToken);

    /// <summary>Removes an environment that nothing is left in; else <see cref="Errors.ErrorCode.Conflict"/>.</summary>
    public Task DeleteEnvironmentAsync(string org, string name, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Delete, $"{OrganizationPath(org)}/environments/{Escape(name)}", cancellationToken);

    private static string InEnvironment(string? environment) => environment is null ? "" : $"?environment={Escape(environment)}";
}
