namespace Planton.Tunnel.Runner;

/// <summary>Why there is no link. The order is that of the steps of a dial.</summary>
public enum DialFailure
{
    /// <summary>The host name does not resolve.</summary>
    NameResolution,

    /// <summary>The egress proxy refused, or asked for credentials that were not accepted.</summary>
    Proxy,

    /// <summary>Nothing listens at the address, or something in between refuses.</summary>
    Refused,

    /// <summary>No answer within the time limit.</summary>
    TimedOut,

    /// <summary>The gateway's certificate was not accepted, or the handshake failed.</summary>
    Tls,

    /// <summary>The connection ended after the handshake and before the gateway opened the link: as a rule the runner's certificate was not accepted.</summary>
    ClosedBeforeGreeting,

    /// <summary>The gateway said no, and that it may say yes later.</summary>
    RefusedForNow,

    /// <summary>A link that was ready broke.</summary>
    Lost,

    /// <summary>Any other fault of the network.</summary>
    Network,
}
