using System.Globalization;
using Planton.Api.References;
using Planton.Api.Secrets;

namespace Planton.Api.Client;

public sealed partial class PlantonApiClient
{
    /// <summary>Lists secrets, without values: those of one environment, or all of the organization's and its environments'.</summary>
    public Task<ListResponse<Secret>> ListSecretsAsync(string org, string? environment = null, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Get, $"{OrganizationPath(org)}/secrets{InEnvironment(environment)}", PlantonJson.Default.ListResponseSecret, cancellationToken);

    /// <summary>Writes a new version of a secret, which is made if there is none.</summary>
    public Task<Secret> PutSecretAsync(
        string org, string name, PutSecretRequest request, string? environment = null, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Put, SecretPath(org, name) + InEnvironment(environment), PlantonJson.Default.Secret,
            request, PlantonJson.Default.PutSecretRequest, cancellationToken);

    /// <summary>Gets what is known of a secret, with its versions and without values.</summary>
    public Task<Secret> GetSecretAsync(string org, string name, string? environment = null, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Get, SecretPath(org, name) + InEnvironment(environment), PlantonJson.Default.Secret, cancellationToken);

    /// <summary>Reads the values of a secret; of its newest version when <paramref name="version"/> is null.</summary>
    public Task<SecretValues> RevealSecretAsync(
        string org, string name, int? version = null, string? environment = null, CancellationToken cancellationToken = default)
    {
        var query = new[]
        {
            version is null ? null : $"version={version.Value.ToString(CultureInfo.InvariantCulture)}",
            environment is null ? null : $"environment={Escape(environment)}",
        }.Where(part => part is not null).ToList();
        var path = $"{SecretPath(org, name)}/reveal{(query.Count == 0 ? "" : "?" + string.Join('&', query))}";
        return SendAsync(HttpMethod.Post, path, PlantonJson.Default.SecretValues, cancellationToken);
    }

    /// <summary>Removes a secret with all its versions.</summary>
    public Task DeleteSecretAsync(string org, string name, string? environment = null, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Delete, SecretPath(org, name) + InEnvironment(environment), cancellationToken);

    /// <summary>Reads the values of references: <c>$secret/NAME[/KEY]</c>, <c>$var/NAME</c>. All of them, or an error that names each fault.</summary>
    public Task<ResolveResponse> ResolveAsync(string org, ResolveRequest request, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, $"{OrganizationPath(org)}/resolve", PlantonJson.Default.ResolveResponse,
            request, PlantonJson.Default.ResolveRequest, cancellationToken);

    private static string SecretPath(string org, string name) => $"{OrganizationPath(org)}/secrets/{Escape(name)}";
}
