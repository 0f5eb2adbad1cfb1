namespace Planton.Api.Runners;

/// <summary>The values of <see cref="Runner.Status"/>.</summary>
public static class RunnerStatus
{
    /// <summary>At least one ready tunnel.</summary>
    public const string Connected = "connected";

    /// <summary>Tunnels, but each of them draining.</summary>
    public const string Draining = "draining";

    /// <summary>Was connected, and is not.</summary>
    public const string Disconnected = "disconnected";

    /// <summary>No tunnel has ever been accepted.</summary>
    public const string NeverConnected = "never-connected";
}
