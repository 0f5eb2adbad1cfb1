namespace Planton.Api.Members;

/// <summary>A user who belongs to an organization.</summary>
/// <param name="UserId">The user's id.</param>
/// <param name="User">The user's name.</param>
/// <param name="Role"><c>owner</c>, <c>admin</c>, <c>member</c> or <c>viewer</c>.</param>
public sealed record Member(string UserId, string User, string Role);
