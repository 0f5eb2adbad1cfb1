namespace Planton.Tunnel.Protocol;

/// <summary>A line of the link after the greeting.</summary>
/// <param name="Event"><see cref="Ready"/>, <see cref="Draining"/> or <see cref="Ping"/>; an unknown one is ignored.</param>
/// <param name="Id">The number of a ping, to be repeated in the pong.</param>
internal sealed record LinkEvent(string Event, long Id = 0)
{
    /// <summary>The runner, which greeted as one that starts, takes operations now.</summary>
    public const string Ready = "ready";

    /// <summary>The runner is about to stop: send it nothing new.</summary>
    public const string Draining = "draining";

    /// <summary>The runner asks for a pong.</summary>
    public const string Ping = "ping";
}
