using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Planton.Tunnel.Protocol;

namespace Planton.Tunnel.Runner;

/// <summary>Puts the runner's end of the tunnel into a web application.</summary>
public static class TunnelRunnerExtensions
{
    // Beside operations: the link itself, and control calls.
    private const int ControlStreams = 16;

    /// <summary>
    /// Lets Kestrel serve HTTP/2 over connections that it dials. The <see cref="TunnelLink"/> service tells how they fare.
    /// Other endpoints that Kestrel listens on are not touched, but share its limits.
    /// </summary>
    public static IWebHostBuilder UseTunnel(this IWebHostBuilder builder, TunnelRunnerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return builder
            .ConfigureServices(services =>
            {
                services.TryAddSingleton(TimeProvider.System);
                services.AddSingleton(options);
                services.AddSingleton(provider => new TunnelLink(provider.GetRequiredService<TimeProvider>()));
                services.AddSingleton<IdentityKeeper>();
                services.AddHostedService<CertificateRenewer>();
                services.AddSingleton<IConnectionListenerFactory, TunnelListenerFactory>();
            })
            .ConfigureKestrel(kestrel => Configure(kestrel, options));
    }

    /// <summary>Answers the gateway's control calls, and counts operations. Put it first in the pipeline.</summary>
    public static IApplicationBuilder UseTunnelLink(this IApplicationBuilder app) => app.UseMiddleware<LinkMiddleware>();

    /// <summary>Whether the request came through the tunnel.</summary>
    public static bool IsTunnel(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<TunnelLinkFeature>() is not null;
    }

    private static void Configure(KestrelServerOptions kestrel, TunnelRunnerOptions options)
    {
        var limits = kestrel.Limits;
        limits.Http2.MaxStreamsPerConnection = options.Greeting.MaxOperations + ControlStreams;
        limits.Http2.InitialStreamWindowSize = options.StreamWindow;
        limits.Http2.InitialConnectionWindowSize = options.ConnectionWindow;
        limits.Http2.KeepAlivePingDelay = options.KeepAliveDelay;
        limits.Http2.KeepAlivePingTimeout = options.KeepAliveTimeout;

        // Operations may be idle for hours (a watch, a shell); the pings above find dead peers. Infinite would overflow
        // Kestrel's clock and close an idle connection at its next tick.
        limits.KeepAliveTimeout = TimeSpan.FromHours(1);
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.MaxRequestBodySize = null;
        // A head over these is a connection error, or one over the double of them: the gateway sends none.
        limits.MaxRequestLineSize = HeadLimits.MaxTunnelRequestBytes;
        limits.MaxRequestHeadersTotalSize = HeadLimits.MaxTunnelRequestBytes;
        limits.Http2.MaxRequestHeaderFieldSize = HeadLimits.MaxTunnelRequestBytes;
        limits.MaxRequestHeaderCount = HeadLimits.MaxTunnelRequestFields;
        kestrel.AddServerHeader = false;
        kestrel.Listen(new TunnelEndPoint(options.Host, options.Port), listen => listen.Protocols = HttpProtocols.Http2);
    }
}
