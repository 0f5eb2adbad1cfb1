namespace Planton.Api.Runners;

/// <summary>What revoking a runner's credentials, or deleting it, would end now.</summary>
public sealed record RunnerImpact
{
    /// <summary>Live tunnels.</summary>
    public required int Tunnels { get; init; }

    /// <summary>Operations under way.</summary>
    public required int Operations { get; init; }

    /// <summary>Valid credentials.</summary>
    public required int Credentials { get; init; }

    /// <summary>
    /// The connections that are routed to it now and would not be any more, by name; for a platform runner as <c>ORG/NAME</c>, and
    /// only those of the caller's own organizations.
    /// </summary>
    public required IReadOnlyList<string> Connections { get; init; }

    /// <summary>How many connections of organizations that the caller is no member of would lose their route as well.</summary>
    public int OtherConnections { get; init; }

    /// <summary>Where it is the default runner: <c>organization</c>, <c>platform</c>, or neither.</summary>
    public required IReadOnlyList<string> DefaultLevels { get; init; }
}
