using Planton.Server.Organizations;

namespace Planton.Server.Members;

/// <summary>A user's membership with the user's name.</summary>
internal sealed record MemberRow
{
    public required MembershipEntity Membership { get; init; }

    public required string User { get; init; }
}
