using System.Net.Security;

namespace Planton.Tunnel.Protocol;

/// <summary>The names on the wire of version 1 of the tunnel. <c>docs/protocol.md</c> describes how they are used.</summary>
public static class TunnelProtocol
{
    /// <summary>The ALPN protocol that both ends must negotiate.</summary>
    public const string Alpn = "planton-tunnel/1";

    /// <summary>The version that greetings carry.</summary>
    public const int Version = 1;

    /// <summary>Paths below this one are control calls of the link; everything else is an operation.</summary>
    public const string ControlPrefix = "/_planton/v1/";

    /// <summary>GET: the gateway opens the link; the answer is a stream of lines, the greeting first, that lasts as long as the link.</summary>
    public const string LinkPath = ControlPrefix + "link";

    /// <summary>GET: the gateway asks for a sign of life; the runner answers 204.</summary>
    public const string AlivePath = ControlPrefix + "alive";

    /// <summary>POST: the gateway answers the ping whose number is in the query.</summary>
    public const string PongPath = ControlPrefix + "pong";

    /// <summary>POST: the gateway asks the runner to take its next link elsewhere or later, and lets operations end.</summary>
    public const string DrainPath = ControlPrefix + "drain";

    /// <summary>POST: the gateway says why it will not have this runner, then closes.</summary>
    public const string RefusedPath = ControlPrefix + "refused";

    /// <summary>POST: the gateway answers the renewal whose number is in the query, with a certificate or with a code.</summary>
    public const string RenewedPath = ControlPrefix + "renewed";

    /// <summary>POST: the gateway tells which authorities to trust from now on, and perhaps to renew before it is due.</summary>
    public const string TrustPath = ControlPrefix + "trust";

    /// <summary>A certificate, DER in base64.</summary>
    public const string CertificateHeader = "Planton-Certificate";

    /// <summary>The authorities to trust, DER in base64 each, with commas in between.</summary>
    public const string TrustHeader = "Planton-Trust";

    /// <summary>The tunnel's id, given by the gateway when it opens the link.</summary>
    public const string TunnelIdHeader = "Planton-Tunnel-Id";

    /// <summary>A text for people, percent-encoded UTF-8.</summary>
    public const string DetailHeader = "Planton-Error-Detail";

    /// <summary>The method of the request that an upgrade replaces; in HTTP/2 the method itself is CONNECT.</summary>
    public const string UpgradeMethodHeader = "Planton-Upgrade-Method";

    /// <summary>The authority of every request in a tunnel. It names nothing that resolves.</summary>
    public const string Authority = "runner";

    /// <summary>The longest greeting, in bytes.</summary>
    public const int MaxGreetingBytes = 16 * 1024;

    /// <summary>The longest line after the greeting, in bytes.</summary>
    public const int MaxEventBytes = 4 * 1024;

    internal static SslApplicationProtocol ApplicationProtocol { get; } = new(Alpn);
}
