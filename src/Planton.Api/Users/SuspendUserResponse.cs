namespace Planton.Api.Users;

/// <summary>A user who was suspended, and what that froze.</summary>
/// <param name="User">The user.</param>
/// <param name="FrozenOrganizations">The names of organizations that have no other owner who is not suspended.</param>
public sealed record SuspendUserResponse(User User, IReadOnlyList<string> FrozenOrganizations);
