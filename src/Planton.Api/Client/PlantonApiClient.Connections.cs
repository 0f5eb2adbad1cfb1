using Planton.Api.Connections;

namespace Planton.Api.Client;

public sealed partial class PlantonApiClient
{
    /// <summary>Sends one small request to the target, and tells how far it got.</summary>
    public Task<ConnectionTest> TestConnectionAsync(string org, string name, CancellationToken cancellationToken = default) =>
        TestConnectionAsync(org, name, null, cancellationToken);

    /// <summary>The same in an environment.</summary>
    public Task<ConnectionTest> TestConnectionAsync(string org, string name, string? environment, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, $"{OrganizationPath(org)}/connections/{Escape(name)}/test{InEnvironment(environment)}",
            PlantonJson.Default.ConnectionTest, cancellationToken);

    /// <summary>Says which environments may use a connection; none means all.</summary>
    public Task<Connection> SetConnectionEnvironmentsAsync(
        string org, string name, IReadOnlyList<string> environments, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Put, $"{OrganizationPath(org)}/connections/{Escape(name)}/environments", PlantonJson.Default.Connection,
            new SetConnectionEnvironmentsRequest(environments), PlantonJson.Default.SetConnectionEnvironmentsRequest, cancellationToken);

    /// <summary>Makes a connection the default of an environment, or of the organization when that is null.</summary>
    public Task<Connection> SetDefaultConnectionAsync(string org, string name, string? environment = null, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Put, $"{OrganizationPath(org)}/connections/{Escape(name)}/default", PlantonJson.Default.Connection,
            new SetDefaultConnectionRequest(environment), PlantonJson.Default.SetDefaultConnectionRequest, cancellationToken);

    /// <summary>Takes it back.</summary>
    public Task UnsetDefaultConnectionAsync(string org, string name, string? environment = null, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Delete, $"{OrganizationPath(org)}/connections/{Escape(name)}/default{InEnvironment(environment)}", cancellationToken);

    /// <summary>The connection that is used where none is named: the environment's default, else the organization's.</summary>
    public Task<DefaultConnection> GetDefaultConnectionAsync(string org, string? environment = null, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Get, $"{OrganizationPath(org)}/default-connection{InEnvironment(environment)}", PlantonJson.Default.DefaultConnection, cancellationToken);
}
