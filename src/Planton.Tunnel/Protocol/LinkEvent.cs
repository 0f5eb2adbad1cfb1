namespace Planton.Tunnel.Protocol;

/// <summary>A line of the link after the greeting.</summary>
/// <param name="Event"><see cref="Ready"/>, <see cref="Draining"/>, <see cref="Ping"/> or <see cref="Renew"/>; an unknown one is ignored.</param>
/// <param name="Id">The number of a ping or a renewal, to be repeated in the answer.</param>
/// <param name="Csr">Of a renewal: a PKCS#10 request, DER in base64.</param>
internal sealed record LinkEvent(string Event, long Id = 0, string? Csr = null)
{
    /// <summary>The runner, which greeted as one that starts, takes operations now.</summary>
    public const string Ready = "ready";

    /// <summary>The runner is about to stop: send it nothing new.</summary>
    public const string Draining = "draining";

    /// <summary>The runner asks for a pong.</summary>
    public const string Ping = "ping";

    /// <summary>The runner asks for its next certificate.</summary>
    public const string Renew = "renew";
}
