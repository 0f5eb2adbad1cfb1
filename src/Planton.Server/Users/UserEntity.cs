namespace Planton.Server.Users;

internal sealed class UserEntity
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>May manage runners and defaults of the platform.</summary>
    public bool PlatformOperator { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>While it is set, every key of the user is refused.</summary>
    public DateTimeOffset? SuspendedAt { get; set; }
}
