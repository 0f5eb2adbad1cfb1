using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Planton.Server.CertificateAuthority;

namespace Planton.Server.Hosting;

/// <summary>Opens the API's port. The gateway opens its own.</summary>
internal static class Listeners
{
    // As a Kubernetes API server has it: each watch of a client takes one for as long as it lasts.
    private const int MaxStreamsPerConnection = 250;
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    public static void Configure(KestrelServerOptions kestrel, ServerOptions options)
    {
        var services = kestrel.ApplicationServices;
        var bound = services.GetRequiredService<BoundListeners>();
        kestrel.AddServerHeader = false;
        // Over HTTP/2 it cannot be set for a request alone, and who reads a log may stop to read it.
        kestrel.Limits.MinResponseDataRate = null;
        // Over a limit of its own Kestrel closes the connection, with every other request on it: RequestHeadLimits checks before.
        kestrel.Limits.MaxRequestLineSize = RequestHeadLimits.ReadBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = RequestHeadLimits.ReadBytes;
        kestrel.Limits.MaxRequestHeaderCount = RequestHeadLimits.ReadFields;
        kestrel.Limits.Http2.MaxRequestHeaderFieldSize = RequestHeadLimits.ReadBytes;
        kestrel.Limits.Http2.MaxStreamsPerConnection = MaxStreamsPerConnection;
        ListenAddress.TryResolve(options.Http, out var http);
        kestrel.Listen(http, listen =>
        {
            bound.UseHttp(listen);
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            ConfigureHttp(listen, options, services);
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
