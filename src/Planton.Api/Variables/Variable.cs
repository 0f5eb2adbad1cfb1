namespace Planton.Api.Variables;

/// <summary>A value that is no secret.</summary>
public sealed record Variable
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

    /// <summary>The newest version's value.</summary>
    public required string Value { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its newest version was written, UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Every version that is kept, newest first; null in a list.</summary>
    public IReadOnlyList<VariableVersion>? Versions { get; init; }
}
