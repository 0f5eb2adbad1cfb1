namespace Planton.Server.Authorization;

/// <summary>A caller's role in one organization.</summary>
internal sealed record CallerMembership(string OrganizationId, string OrganizationName, string Role)
{
    /// <summary>Whether every owner of the organization is suspended: it can be read and left, and nothing else.</summary>
    public bool Frozen { get; init; }
}
