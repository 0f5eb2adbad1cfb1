namespace Planton.Tunnel.Links;

/// <summary>The life of one link. See <see cref="LinkLifecycle"/> for the legal moves.</summary>
public enum LinkState
{
    /// <summary>Dialling, shaking hands, waiting for the greeting, or for the runner to be ready. No operation.</summary>
    Connecting,

    /// <summary>Operations may be sent.</summary>
    Ready,

    /// <summary>Operations under way go on; nothing new is sent.</summary>
    Draining,

    /// <summary>Over. Every operation on it has ended or failed.</summary>
    Closed,
}
