using System.Net;
using Planton.Tunnel.Protocol;

namespace Planton.Tunnel.Gateway;

/// <summary>An HTTP/2 client of one connection: when that is gone, so is the client.</summary>
internal sealed class TunnelInvoker(Stream stream, string tunnelId, TunnelGatewayOptions options)
    : HttpMessageInvoker(Handler(stream, tunnelId, options), disposeHandler: true)
{
    public override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return base.SendAsync(request, cancellationToken);
        }
        catch (ObjectDisposedException)
        {
            // Thrown before anything is sent, by a tunnel that ended between the choice of it and its use.
            throw new TunnelClosedException(tunnelId);
        }
    }

    private static SocketsHttpHandler Handler(Stream stream, string tunnelId, TunnelGatewayOptions options)
    {
        Stream? unused = stream;
        return new SocketsHttpHandler
        {
            // A second call means that the connection is closed, or that the runner has said GOAWAY.
            ConnectCallback = (_, _) => Interlocked.Exchange(ref unused, null) is { } first
                ? ValueTask.FromResult(first)
                : ValueTask.FromException<Stream>(new TunnelClosedException(tunnelId)),
            EnableMultipleHttp2Connections = false,
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            KeepAlivePingDelay = options.KeepAliveDelay,
            KeepAlivePingTimeout = options.KeepAliveTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = HeadLimits.MaxTunnelResponseKiB,
        };
    }
}
