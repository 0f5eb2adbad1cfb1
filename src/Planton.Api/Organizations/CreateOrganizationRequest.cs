namespace Planton.Api.Organizations;

/// <summary>Body of <c>POST /api/v1/organizations</c>.</summary>
/// <param name="Name">A slug: see <see cref="Slug"/>.</param>
public sealed record CreateOrganizationRequest(string? Name);
