namespace Planton.Api.Identity;

/// <summary>A caller's role in one organization.</summary>
/// <param name="Id">The organization's id.</param>
/// <param name="Name">The organization's name.</param>
/// <param name="Role"><c>owner</c>, <c>admin</c>, <c>member</c> or <c>viewer</c>.</param>
public sealed record OrganizationMembership(string Id, string Name, string Role);
