namespace Planton.Api.Users;

/// <summary>A person who may sign in.</summary>
/// <param name="Id">UUIDv7.</param>
/// <param name="Name">Unique.</param>
/// <param name="PlatformOperator">May manage users, and runners and defaults of the platform.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="SuspendedAt">Since when every key of the user is refused, UTC; null when they are not.</param>
public sealed record User(string Id, string Name, bool PlatformOperator, DateTimeOffset CreatedAt, DateTimeOffset? SuspendedAt = null);
