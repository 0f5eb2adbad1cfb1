namespace Planton.Server.Organizations;

/// <summary>A user's or a service account's role in one organization: exactly one of the two ids is set.</summary>
internal sealed class MembershipEntity
{
    public required string Id { get; init; }

    public required string OrganizationId { get; init; }

    public string? UserId { get; init; }

    public string? ServiceAccountId { get; init; }

    /// <summary>Whether the user made the organization. Those that others added the user to do not count against the user's own limit.</summary>
    public bool Founder { get; init; }

    /// <summary>One of <see cref="Authorization.RoleName"/>.</summary>
    public required string Role { get; set; }
}
