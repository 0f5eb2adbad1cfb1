using Planton.Api.ApiKeys;
using Planton.Api.ServiceAccounts;

namespace Planton.Api.Client;

/// <content>Service accounts of an organization, and their keys.</content>
public sealed partial class PlantonApiClient
{
    /// <summary>Lists an organization's service accounts, those of its runners too.</summary>
    public Task<ListResponse<ServiceAccount>> ListServiceAccountsAsync(string org, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Get, ServiceAccountsPath(org), PlantonJson.Default.ListResponseServiceAccount, cancellationToken);

    /// <summary>Makes a service account; a viewer when <paramref name="role"/> is null.</summary>
    public Task<ServiceAccount> CreateServiceAccountAsync(string org, string name, string? role = null, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, ServiceAccountsPath(org), PlantonJson.Default.ServiceAccount,
            new CreateServiceAccountRequest(name, role), PlantonJson.Default.CreateServiceAccountRequest, cancellationToken);

    /// <summary>Gets one service account.</summary>
    public Task<ServiceAccount> GetServiceAccountAsync(string org, string name, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Get, $"{ServiceAccountsPath(org)}/{Escape(name)}", PlantonJson.Default.ServiceAccount, cancellationToken);

    /// <summary>Removes a service account and its keys. A runner's own goes with its runner alone.</summary>
    public Task DeleteServiceAccountAsync(string org, string name, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Delete, $"{ServiceAccountsPath(org)}/{Escape(name)}", cancellationToken);

    /// <summary>Lists the keys of a service account, newest first.</summary>
    public Task<ListResponse<ApiKey>> ListServiceAccountKeysAsync(string org, string name, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Get, ServiceAccountKeysPath(org, name), PlantonJson.Default.ListResponseApiKey, cancellationToken);

    /// <summary>Makes a key for a service account. A runner's own gets its keys with its credentials alone.</summary>
    public Task<CreateApiKeyResponse> CreateServiceAccountKeyAsync(
        string org, string name, TimeSpan? expiresIn = null, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, ServiceAccountKeysPath(org, name), PlantonJson.Default.CreateApiKeyResponse,
            KeyRequest(expiresIn), PlantonJson.Default.CreateApiKeyRequest, cancellationToken);

    /// <summary>Revokes a key of a service account; requests and streams under way with it are cut.</summary>
    public Task RevokeServiceAccountKeyAsync(string org, string name, string keyId, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Delete, $"{ServiceAccountKeysPath(org, name)}/{Escape(keyId)}", cancellationToken);

    private static string ServiceAccountsPath(string org) => $"{OrganizationPath(org)}/service-accounts";

    private static string ServiceAccountKeysPath(string org, string name) => $"{ServiceAccountsPath(org)}/{Escape(name)}/keys";
}
