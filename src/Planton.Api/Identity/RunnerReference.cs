namespace Planton.Api.Identity;

/// <summary>Names a runner.</summary>
/// <param name="Id">The runner's id, as in its certificate.</param>
/// <param name="Name">The runner's name.</param>
/// <param name="Organization">The organization's name; null for a platform runner.</param>
/// <param name="OrganizationId">The organization's id; null for a platform runner.</param>
public sealed record RunnerReference(string Id, string Name, string? Organization, string? OrganizationId);
