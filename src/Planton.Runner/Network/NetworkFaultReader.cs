using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Planton.Runner.Network;

/// <summary>Turns the exception of a failed call into a stage and a sentence, by types and codes and never by message text.</summary>
internal static class NetworkFaultReader
{
    /// <param name="exception">What the HTTP stack threw.</param>
    /// <param name="address">The target, as <c>host:port</c>.</param>
    /// <param name="proxy">The proxy on the way, without its credentials; null when the target is dialled directly.</param>
    public static NetworkFault Read(Exception exception, string address, string? proxy = null)
    {
        if (Find<KnownFaultException>(exception) is { } known)
            return known.Fault;
        if (Find<CertificateRefusedException>(exception) is { } refused)
            return new NetworkFault(NetworkStage.Tls, $"TLS with {address} failed: {refused.Message}", refused.Advice);
        if (exception is OperationCanceledException || Find<TimeoutException>(exception) is not null)
            return TimedOut(address, proxy);
        if (Find<HttpRequestException>(exception) is not { } http)
            return new NetworkFault(NetworkStage.Protocol, $"the connection to {address} broke before an answer came ({exception.GetType().Name})", "");
        // With a proxy on the way, name and connection are the proxy's: the proxy dials the target.
        return http.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError when proxy is not null => new NetworkFault(NetworkStage.Proxy,
                $"the proxy {proxy} on the way to {address} has a name that cannot be resolved", "Check HTTPS_PROXY or proxy-url"),
            HttpRequestError.ConnectionError when proxy is not null => new NetworkFault(NetworkStage.Proxy,
                $"the proxy {proxy} on the way to {address} cannot be connected to ({Reason(http)})", "Check HTTPS_PROXY or proxy-url, and NO_PROXY"),
            HttpRequestError.ProxyTunnelError => ProxyRefused(http, address, proxy),
            HttpRequestError.NameResolutionError => new NetworkFault(NetworkStage.Dns,
                $"the name of {address} cannot be resolved by DNS", "Check the name, and the DNS of the machine or pod that the runner is in"),
            HttpRequestError.ConnectionError => Connection(http, address, proxy),
            HttpRequestError.SecureConnectionError => new NetworkFault(NetworkStage.Tls,
                $"the TLS handshake with {address} failed ({Reason(http)})",
                "Check that the port speaks TLS, and that the client certificate, if there is one, is accepted there"),
            HttpRequestError.UserAuthenticationError => new NetworkFault(NetworkStage.Tls,
                $"{address} did not accept the authentication", ""),
            _ => new NetworkFault(NetworkStage.Protocol,
                $"{address} closed the connection or gave no valid HTTP answer ({Reason(http)})",
                "If it asks for a client certificate, check the one that is configured"),
        };
    }

    private static NetworkFault TimedOut(string address, string? proxy) => new(NetworkStage.TimedOut,
        proxy is null ? $"connecting to {address} timed out" : $"connecting to {address} through the proxy {proxy} timed out",
        "A firewall may be dropping the packets: check that the runner's network may reach it");

    private static NetworkFault ProxyRefused(HttpRequestException http, string address, string? proxy) => new(NetworkStage.Proxy,
        http.StatusCode is { } status
            ? $"the proxy {proxy} refused to connect to {address}: it answered {(int)status}"
            : $"the proxy {proxy} did not connect to {address}",
        http.StatusCode == HttpStatusCode.ProxyAuthenticationRequired
            ? "It wants a user name and password: put them into the proxy's URL"
            : "Allow the address in the proxy, or exempt it with NO_PROXY");

    private static NetworkFault Connection(HttpRequestException http, string address, string? proxy) =>
        Find<SocketException>(http)?.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => new NetworkFault(NetworkStage.Connect,
                $"{address} refused the connection", "Check the address and the port, and that the server runs"),
            SocketError.TimedOut => TimedOut(address, proxy),
            SocketError.NetworkUnreachable or SocketError.HostUnreachable => new NetworkFault(NetworkStage.Connect,
                $"there is no route to {address}", "Check that the runner's network may reach it"),
            var code => new NetworkFault(NetworkStage.Connect, $"{address} cannot be connected to ({code?.ToString() ?? Reason(http)})", ""),
        };

    private static string Reason(HttpRequestException http) =>
        Find<SocketException>(http)?.SocketErrorCode.ToString()
        ?? (Find<AuthenticationException>(http) is not null ? "the peers do not agree on TLS" : http.HttpRequestError.ToString());

    private static T? Find<T>(Exception? exception)
        where T : Exception
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is T found)
                return found;
        }

        return null;
    }
}
