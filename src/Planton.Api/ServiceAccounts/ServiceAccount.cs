namespace Planton.Api.ServiceAccounts;

/// <summary>A machine identity of an organization.</summary>
public sealed record ServiceAccount
{
    /// <summary>UUIDv7.</summary>
    public required string Id { get; init; }

    /// <summary>Unique in its organization.</summary>
    public required string Name { get; init; }

    /// <summary>Its role there: <c>owner</c>, <c>admin</c>, <c>member</c> or <c>viewer</c>.</summary>
    public required string Role { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The runner whose own identity it is: it comes and goes with that runner, and so do its keys. Null for any other.</summary>
    public string? Runner { get; init; }

    /// <summary>How many of its keys are valid.</summary>
    public int ValidKeys { get; init; }
}
