namespace Planton.Api.Members;

/// <summary>Body of <c>PUT …/members/USER</c>.</summary>
/// <param name="Role"><c>owner</c>, <c>admin</c>, <c>member</c> or <c>viewer</c>; at most the caller's own.</param>
public sealed record SetMemberRequest(string? Role);
