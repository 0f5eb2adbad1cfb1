namespace Planton.Api.Routing;

/// <summary>One live tunnel of the runner of a route.</summary>
public sealed record RouteTunnel
{
    /// <summary>The tunnel's id, new with each connect.</summary>
    public required string Id { get; init; }

    /// <summary>The replica: the runner process's own id.</summary>
    public required string ReplicaId { get; init; }

    /// <summary>The address it comes from.</summary>
    public required string Address { get; init; }

    /// <summary>The host name that the runner reports.</summary>
    public string? HostName { get; init; }

    /// <summary>The runner's version.</summary>
    public string? Version { get; init; }

    /// <summary><c>ready</c> or <c>draining</c>.</summary>
    public required string State { get; init; }

    /// <summary>Operations under way.</summary>
    public int Operations { get; init; }

    /// <summary>Whether the next operation would take it: the ready one with the fewest operations.</summary>
    public bool Chosen { get; init; }
}
