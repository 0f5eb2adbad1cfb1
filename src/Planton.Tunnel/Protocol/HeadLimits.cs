namespace Planton.Tunnel.Protocol;

/// <summary>
/// How large the heads of requests and responses may be on their way through a tunnel, in bytes. Each hop takes more than the one before
/// it sends: where an HTTP/2 stack finds a head over its own limit it closes the connection, with everything that is in flight on it.
/// </summary>
public static class HeadLimits
{
    /// <summary>
    /// The most of a client's request: its method and target, and the names and values of its fields. Checked before the request is sent.
    /// </summary>
    public const int MaxRequestBytes = 128 * 1024;

    /// <summary>The most fields of a client's request; several of one name count each.</summary>
    public const int MaxRequestFields = 128;

    /// <summary>
    /// What a runner takes: a client's request, and what the gateway adds to it, a kubeconfig of 48 KiB in base64 among it. One field may
    /// have all of it.
    /// </summary>
    public const int MaxTunnelRequestBytes = MaxRequestBytes + (96 * 1024);

    /// <summary>The most fields that a runner takes: room for those that the gateway adds.</summary>
    public const int MaxTunnelRequestFields = MaxRequestFields + 72;

    /// <summary>The most of a target's response head: the names and values of its fields. Checked by the runner before it is passed on.</summary>
    public const int MaxResponseBytes = 128 * 1024;

    /// <summary>The most of a target's trailers: the names and values of its fields. Checked by the runner.</summary>
    public const int MaxTrailerBytes = 64 * 1024;

    /// <summary>What a gateway takes of a response, head and trailers together, in KiB: room for what the runner adds.</summary>
    internal const int MaxTunnelResponseKiB = 256;
}
