namespace Planton.Api.Secrets;

/// <summary>What is known of a secret without its values.</summary>
public sealed record Secret
{
    /// <summary>UUIDv7.</summary>
    public required string Id { get; init; }

    /// <summary>A slug, unique in its organization or environment.</summary>
    public required string Name { get; init; }

    /// <summary>The organization's name.</summary>
    public required string Organization { get; init; }

    /// <summary>The environment's name; null for one of the whole organization.</summary>
    public string? Environment { get; init; }

    /// <summary>The newest version's number.</summary>
    public required int Version { get; init; }

    /// <summary>The keys of the newest version.</summary>
    public required IReadOnlyList<string> Keys { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its newest version was written, UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Every version that is kept, newest first; null in a list.</summary>
    public IReadOnlyList<SecretVersion>? Versions { get; init; }
}
