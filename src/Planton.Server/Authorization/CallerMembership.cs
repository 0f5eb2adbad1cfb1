namespace Planton.Server.Authorization;

/// <summary>A caller's role in one organization.</summary>
internal sealed record CallerMembership(string OrganizationId, string OrganizationName, string Role);
