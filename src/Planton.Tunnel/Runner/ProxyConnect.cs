using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Planton.Tunnel.Runner;

/// <summary>Connects a socket, through an HTTP proxy (CONNECT, RFC 9110 section 9.3.6) where one applies.</summary>
internal static class ProxyConnect
{
    private const int MaxAnswerBytes = 8 * 1024;

    public static async Task ConnectAsync(Socket socket, string host, int port, IWebProxy? proxy, CancellationToken cancellationToken)
    {
        var destination = new UriBuilder(Uri.UriSchemeHttps, host, port).Uri;
        if (proxy?.GetProxy(destination) is not { } proxyUri || proxyUri == destination || proxy.IsBypassed(destination))
        {
            // Every address that the name has now, IPv6 and IPv4, is tried in turn.
            await socket.ConnectAsync(host, port, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (proxyUri.Scheme != Uri.UriSchemeHttp)
            throw new DialException(DialFailure.Proxy, $"the egress proxy has scheme {proxyUri.Scheme}: only http:// proxies are supported for the tunnel");
        var proxyName = $"{proxyUri.Host}:{proxyUri.Port}";
        try
        {
            await socket.ConnectAsync(proxyUri.IdnHost, proxyUri.Port, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            throw new DialException(DialFailure.Proxy, $"the egress proxy {proxyName} cannot be reached: {e.SocketErrorCode}", e);
        }

        await AskAsync(socket, new DnsEndPoint(host, port), Credentials(proxy, proxyUri), proxyName, cancellationToken).ConfigureAwait(false);
    }

    private static async Task AskAsync(Socket socket, DnsEndPoint destination, string? credentials, string proxyName, CancellationToken cancellationToken)
    {
        var host = destination.Host.Contains(':', StringComparison.Ordinal) ? $"[{destination.Host}]" : destination.Host;
        var authority = string.Create(CultureInfo.InvariantCulture, $"{host}:{destination.Port}");
        var authorization = credentials is null ? "" : $"Proxy-Authorization: Basic {credentials}\r\n";
        var request = Encoding.ASCII.GetBytes($"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n{authorization}\r\n");
        await socket.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var status = StatusOf(await ReadHeadAsync(socket, proxyName, cancellationToken).ConfigureAwait(false));
        if (status is >= 200 and < 300)
            return;
        throw new DialException(DialFailure.Proxy, status == 407
            ? $"the egress proxy {proxyName} asks for credentials (407): give them in the proxy's URL"
            : $"the egress proxy {proxyName} refused to connect to {authority} (status {status})");
    }

    /// <summary>Reads to the end of the answer's head and not a byte further: what follows belongs to the gateway.</summary>
    private static async Task<string> ReadHeadAsync(Socket socket, string proxyName, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxAnswerBytes];
        for (var length = 0; length < buffer.Length; length++)
        {
            if (await socket.ReceiveAsync(buffer.AsMemory(length, 1), cancellationToken).ConfigureAwait(false) == 0)
                throw new DialException(DialFailure.Proxy, $"the egress proxy {proxyName} closed the connection");
            if (buffer.AsSpan(0, length + 1).EndsWith("\r\n\r\n"u8))
                return Encoding.ASCII.GetString(buffer, 0, length);
        }

        throw new DialException(DialFailure.Proxy, $"the egress proxy {proxyName} answered more than {MaxAnswerBytes} bytes");
    }

    private static int StatusOf(string head) =>
        head.Split(' ', 3) is [var version, { Length: >= 3 } code, ..]
        && version.StartsWith("HTTP/1.", StringComparison.Ordinal)
        && int.TryParse(code.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            ? status
            : 0;

    private static string? Credentials(IWebProxy proxy, Uri proxyUri) =>
        proxy.Credentials?.GetCredential(proxyUri, "Basic") is { } c
            ? Convert.ToBase64String(Encoding.UTF8.GetBytes($"{c.UserName}:{c.Password}"))
            : null;
}
