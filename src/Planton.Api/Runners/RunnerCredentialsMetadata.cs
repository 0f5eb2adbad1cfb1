namespace Planton.Api.Runners;

/// <summary>Whose credentials a document holds.</summary>
public sealed record RunnerCredentialsMetadata
{
    /// <summary>The credential's id, by which it is listed and revoked.</summary>
    public string? Id { get; init; }

    /// <summary>The organization's name; null for a platform runner.</summary>
    public string? Organization { get; init; }

    /// <summary>The runner's name.</summary>
    public string? Runner { get; init; }

    /// <summary>The runner's id.</summary>
    public string? RunnerId { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public DateTimeOffset IssuedAt { get; init; }

    /// <summary>When the certificate ends, UTC.</summary>
    public DateTimeOffset ExpiresAt { get; init; }
}
