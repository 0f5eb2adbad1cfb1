using Planton.Api.Variables;

namespace Planton.Api.Client;

public sealed partial class PlantonApiClient
{
    /// <summary>Lists variables: those of one environment, or all of the organization's and its environments'.</summary>
    public Task<ListResponse<Variable>> ListVariablesAsync(string org, string? environment = null, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Get, $"{OrganizationPath(org)}/variables{InEnvironment(environment)}", PlantonJson.Default.ListResponseVariable, cancellationToken);

    /// <summary>Writes a new version of a variable, which is made if there is none.</summary>
    public Task<Variable> PutVariableAsync(
        string org, string name, string value, string? environment = null, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Put, VariablePath(org, name) + InEnvironment(environment), PlantonJson.Default.Variable,
            new PutVariableRequest(value), PlantonJson.Default.PutVariableRequest, cancellationToken);

    /// <summary>Gets a variable with its versions.</summary>
    public Task<Variable> GetVariableAsync(string org, string name, string? environment = null, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Get, VariablePath(org, name) + InEnvironment(environment), PlantonJson.Default.Variable, cancellationToken);

    /// <summary>Removes a variable with all its versions.</summary>
    public Task DeleteVariableAsync(string org, string name, string? environment = null, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Delete, VariablePath(org, name) + InEnvironment(environment), cancellationToken);

    private static string VariablePath(string org, string name) => $"{OrganizationPath(org)}/variables/{Escape(name)}";
}
