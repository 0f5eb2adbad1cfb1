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

    /// <summary>Tunnels of all runners of one organization; those of the platform count as one more.</summary>
    public int MaxTunnelsPerOrganization { get; set; } = 2_000;

    /// <summary>How long a runner beyond a limit of tunnels is asked to wait before it dials again. At most 60 s: it waits no longer.</summary>
    public TimeSpan BusyRetryAfter { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Refusals of one certificate in a minute after which it is refused in the handshake, without a word.</summary>
    public int MaxRefusalsOfCertificate { get; set; } = 10;

    /// <summary>Refusals of one address in a minute after which its dials are slowed down to <see cref="LimitedDialsPerSecond"/>.</summary>
    public int MaxRefusalsOfAddress { get; set; } = 100;

    /// <summary>Connections of such an address that are served each second; further ones are closed at once. Others may share it, so it is not shut out.</summary>
    public int LimitedDialsPerSecond { get; set; } = 50;

    /// <summary>Operations at once on one tunnel, whatever more its runner would take.</summary>
    public int MaxOperationsPerTunnel { get; set; } = 1_000;

    /// <summary>How long operations under way may go on when the gateway stops.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>When the gateway stops, runners are asked to wait up to this long, drawn evenly, before they dial again.</summary>
    public TimeSpan ReconnectSpread { get; set; } = TimeSpan.FromSeconds(2);
}
