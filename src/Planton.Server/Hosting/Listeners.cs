using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Planton.Server.CertificateAuthority;

namespace Planton.Server.Hosting;

/// <summary>Opens the API's port, and that of the metrics. The gateway opens its own.</summary>
internal static class Listeners
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    public static void Configure(KestrelServerOptions kestrel, ServerOptions options)
    {
        var services = kestrel.ApplicationServices;
        var bound = services.GetRequiredService<BoundListeners>();
        kestrel.AddServerHeader = false;
        // Over HTTP/2 it cannot be set for a request alone, and who reads a log may stop to read it.
        kestrel.Limits.MinResponseDataRate = null;
        // Kubernetes' own limit is a megabyte of headers; long label selectors go beyond the 8 KiB of a request line.
        kestrel.Limits.MaxRequestLineSize = 64 * 1024;
        kestrel.Limits.MaxRequestHeadersTotalSize = 128 * 1024;
        ListenAddress.TryResolve(options.Http, out var http);
        kestrel.Listen(http, listen =>
        {
            bound.UseHttp(listen);
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            ConfigureHttp(listen, options, services);
        });
        if (options.Metrics is not { } address)
            return;
        ListenAddress.TryResolve(address, out var metrics);
        kestrel.Listen(metrics, listen =>
        {
            bound.UseMetrics(listen);
            listen.Protocols = HttpProtocols.Http1;
            MetricsListener.Mark(listen);
        });
    }

    private static void ConfigureHttp(ListenOptions listen, ServerOptions options, IServiceProvider services)
    {
        if (options is { TlsCertificateFile: { } certificate, TlsKeyFile: { } key })
        {
            var context = OperatorCertificate.Load(certificate, key);
            listen.UseHttps(Tls(() => context));
            return;
        }

        var authority = services.GetRequiredService<CertificateAuthorityService>();
        TlsOrHttp.Configure(
            listen, Tls(() => authority.ServerCertificateContext), options.FirstByteTimeout, services.GetRequiredService<TimeProvider>());
    }

    private static TlsHandshakeCallbackOptions Tls(Func<SslStreamCertificateContext> certificate) => new()
    {
        HandshakeTimeout = HandshakeTimeout,
        OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = certificate(),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        }),
    };
}
