using System.Net;
using System.Security.Cryptography.X509Certificates;
using Planton.Tunnel.Protocol;

namespace Planton.Tunnel.Runner;

/// <summary>Where a runner dials, as whom, and every limit of its end of the tunnel.</summary>
public sealed class TunnelRunnerOptions
{
    /// <summary>The gateway's host name or address; resolved anew at each dial, and the name its certificate must carry.</summary>
    public required string Host { get; set; }

    /// <summary>The gateway's port.</summary>
    public required int Port { get; set; }

    /// <summary>The runner's certificate with its private key.</summary>
    public required X509Certificate2 Certificate { get; set; }

    /// <summary>The only authorities that the gateway's certificate may come from. The system's are not consulted.</summary>
    public required X509Certificate2Collection TrustedRoots { get; set; }

    /// <summary>What the runner says of itself.</summary>
    public required RunnerGreeting Greeting { get; set; }

    /// <summary>The egress proxy (HTTP CONNECT); asked for <c>https://Host:Port</c>. Null dials directly.</summary>
    public IWebProxy? Proxy { get; set; }

    /// <summary>The limit of resolving, connecting and shaking hands together.</summary>
    public TimeSpan DialTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the gateway may take, after the handshake, to open the link.</summary>
    public TimeSpan GreetingTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The ceiling of the first wait before dialling again.</summary>
    public TimeSpan BackoffFirst { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The highest ceiling. With it under 10 s a runner is back within 10 s of its gateway.</summary>
    public TimeSpan BackoffCap { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>How long a link must have been ready before its end counts as news and not as one more failure.</summary>
    public TimeSpan StableAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Silence of the gateway after which the runner pings it. Longer than the gateway's own, so that only one side pings.</summary>
    public TimeSpan KeepAliveDelay { get; set; } = TimeSpan.FromSeconds(3.5);

    /// <summary>How long a ping may stay unanswered before the link is given up.</summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long operations under way may go on when the runner stops.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// The receive window of one stream, bytes. Small beside <see cref="ConnectionWindow"/>: stalled uploads fill the
    /// connection's window, and then no request with a body gets through.
    /// </summary>
    public int StreamWindow { get; set; } = 1024 * 1024;

    /// <summary>The receive window of the whole link, bytes: the most memory that stalled uploads can hold.</summary>
    public int ConnectionWindow { get; set; } = 64 * 1024 * 1024;
}
