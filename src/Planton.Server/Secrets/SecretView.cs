using Planton.Api.Secrets;
using Planton.Server.Environments;

namespace Planton.Server.Secrets;

/// <summary>From what is stored to what is shown, which is never a value.</summary>
internal static class SecretView
{
    public static Secret Of(SecretEntity secret, OrganizationScope scope, IReadOnlyList<string> keys, IReadOnlyList<SecretVersion>? versions = null) =>
        Of(secret, scope.Organization.OrganizationName, scope.Environment?.Name, keys, versions);

    public static Secret Of(
        SecretEntity secret, string organization, string? environment, IReadOnlyList<string> keys, IReadOnlyList<SecretVersion>? versions = null) => new()
    {
        Id = secret.Id,
        Name = secret.Name,
        Organization = organization,
        Environment = environment,
        Version = secret.Version,
        Keys = keys,
        CreatedAt = secret.CreatedAt,
        UpdatedAt = secret.UpdatedAt,
        Versions = versions,
    };
}
