namespace Planton.Api.Runners;

/// <summary>One live tunnel of a runner.</summary>
public sealed record RunnerTunnel
{
    /// <summary>The tunnel's id, new with each connect.</summary>
    public required string Id { get; init; }

    /// <summary>The replica: the runner process's own id, new with each start.</summary>
    public required string InstanceId { get; init; }

    /// <summary><c>ready</c> or <c>draining</c>.</summary>
    public required string State { get; init; }

    /// <summary>When it became ready, UTC.</summary>
    public required DateTimeOffset ConnectedAt { get; init; }

    /// <summary>The address it comes from.</summary>
    public required string Address { get; init; }

    /// <summary>The host name that the runner reports.</summary>
    public string? HostName { get; init; }

    /// <summary>The runner's version.</summary>
    public string? Version { get; init; }

    /// <summary>Operations under way.</summary>
    public int Operations { get; init; }
}
