namespace Planton.Api.Identity;

/// <summary>The answer of <c>GET /api/v1/me</c>: who the presented API key belongs to.</summary>
public sealed record Caller
{
    /// <summary><c>user</c> or <c>service-account</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The user's or service account's id.</summary>
    public required string Id { get; init; }

    /// <summary>The name to show.</summary>
    public required string Name { get; init; }

    /// <summary>May manage platform-level runners and defaults.</summary>
    public bool PlatformOperator { get; init; }

    /// <summary>The public part of the API key that was presented.</summary>
    public required string ApiKeyId { get; init; }

    /// <summary>The organizations the caller is a member of, with its role in each.</summary>
    public IReadOnlyList<OrganizationMembership> Organizations { get; init; } = [];

    /// <summary>For a runner's service account: that runner.</summary>
    public RunnerReference? Runner { get; init; }
}
