namespace Planton.Api.Routing;

/// <summary>Where an operation on a connection would go now, or why nowhere.</summary>
public sealed record RouteExplanation
{
    /// <summary>The connection's name.</summary>
    public required string Connection { get; init; }

    /// <summary>What was asked, in order. The last one is the one that decided.</summary>
    public required IReadOnlyList<RouteStep> Steps { get; init; }

    /// <summary>One of <see cref="RouteLevelName"/>; null when no runner was found.</summary>
    public string? Level { get; init; }

    /// <summary>The runner's name; null when none was found.</summary>
    public string? Runner { get; init; }

    /// <summary>The runner's organization; null for a platform runner.</summary>
    public string? RunnerOrganization { get; init; }

    /// <summary>One of <see cref="Runners.RunnerStatus"/>.</summary>
    public string? Status { get; init; }

    /// <summary>Since when <see cref="Status"/> holds, UTC.</summary>
    public DateTimeOffset? StatusSince { get; init; }

    /// <summary>The runner's live tunnels, one a replica.</summary>
    public IReadOnlyList<RouteTunnel> Tunnels { get; init; } = [];

    /// <summary>The error code that an operation would get now; null when it would be sent.</summary>
    public string? Code { get; init; }

    /// <summary>Why, in words: the very ones that the operation's error would have.</summary>
    public string? Detail { get; init; }

    /// <summary>What mends it.</summary>
    public string? Hint { get; init; }
}
