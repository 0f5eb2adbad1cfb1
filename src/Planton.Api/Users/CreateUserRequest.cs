namespace Planton.Api.Users;

/// <summary>Body of <c>POST /api/v1/users</c>.</summary>
/// <param name="Name">A slug.</param>
/// <param name="PlatformOperator">Whether to make a platform operator.</param>
public sealed record CreateUserRequest(string? Name, bool PlatformOperator = false);
