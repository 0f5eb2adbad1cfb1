using System.Net;

namespace Planton.Tunnel.Gateway;

/// <summary>Every limit of the gateway's end of tunnels. Times are checked about once a second.</summary>
public sealed class TunnelGatewayOptions
{
    /// <summary>Where runners dial in. Port 0 takes a free one.</summary>
    public required IPEndPoint ListenOn { get; set; }

    /// <summary>Silence of a runner after which it is pinged. Together with <see cref="KeepAliveTimeout"/> under 8 s, so that a silent runner is noticed in under 10 s.</summary>
    public TimeSpan KeepAliveDelay { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a ping may stay unanswered before the tunnel is given up.</summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>The limit of a TLS handshake.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a runner may take, after the handshake, to greet.</summary>
    public TimeSpan GreetingTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Connections that have not greeted yet; further ones are closed at once, and their runners come back later.</summary>
    public int MaxPendingConnections { get; set; } = 1_024;

    /// <summary>Tunnels altogether.</summary>
    public int MaxTunnels { get; set; } = 20_000;

    /// <summary>Tunnels of one runner: its replicas, and while they reconnect the old beside the new.</summary>
    public int MaxTunnelsPerRunner { get; set; } = 32;

    /// <summary>Operations at once on one tunnel, whatever more its runner would take.</summary>
    public int MaxOperationsPerTunnel { get; set; } = 1_000;

    /// <summary>How long operations under way may go on when the gateway stops.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>When the gateway stops, runners are asked to wait up to this long, drawn evenly, before they dial again.</summary>
    public TimeSpan ReconnectSpread { get; set; } = TimeSpan.FromSeconds(2);
}
