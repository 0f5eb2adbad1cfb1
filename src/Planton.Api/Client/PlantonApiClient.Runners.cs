using Planton.Api.Credentials;
using Planton.Api.DefaultRunners;
using Planton.Api.Routing;
using Planton.Api.Runners;

namespace Planton.Api.Client;

/// <content>The end of runners, default runners and routes. A null organization means the platform.</content>
public sealed partial class PlantonApiClient
{
    /// <summary>What deleting a runner, or revoking all its credentials, would end now.</summary>
    public Task<RunnerImpact> GetRunnerImpactAsync(string? org, string name, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Get, $"{RunnersPath(org)}/{Escape(name)}/impact", PlantonJson.Default.RunnerImpact, cancellationToken);

    /// <summary>Removes a runner with its service account and credentials; what lived by them has ended when this returns.</summary>
    public Task<RevocationSummary> DeleteRunnerAsync(string? org, string name, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Delete, $"{RunnersPath(org)}/{Escape(name)}", PlantonJson.Default.RevocationSummary, cancellationToken);

    /// <summary>The default runner, and the level it comes from.</summary>
    public Task<DefaultRunner> GetDefaultRunnerAsync(string? org, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Get, DefaultRunnerPath(org), PlantonJson.Default.DefaultRunner, cancellationToken);

    /// <summary>Sets the default runner of the organization, or of the platform.</summary>
    public Task<DefaultRunner> SetDefaultRunnerAsync(string? org, string runner, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Put, DefaultRunnerPath(org), PlantonJson.Default.DefaultRunner,
            new SetDefaultRunnerRequest(runner), PlantonJson.Default.SetDefaultRunnerRequest, cancellationToken);

    /// <summary>Unsets it, and tells which one is effective then. Nothing happens when none is set.</summary>
    public Task<DefaultRunner> UnsetDefaultRunnerAsync(string? org, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Delete, DefaultRunnerPath(org), PlantonJson.Default.DefaultRunner, cancellationToken);

    /// <summary>Where an operation on a connection would go now, or why nowhere.</summary>
    public Task<RouteExplanation> ExplainRouteAsync(string org, string connection, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Get, $"{OrganizationPath(org)}/connections/{Escape(connection)}/route", PlantonJson.Default.RouteExplanation, cancellationToken);

    private static string DefaultRunnerPath(string? org) =>
        org is null ? "api/v1/platform/default-runner" : $"{OrganizationPath(org)}/default-runner";
}
