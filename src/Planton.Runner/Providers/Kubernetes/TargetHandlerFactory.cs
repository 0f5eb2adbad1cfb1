using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Planton.Runner.Network;
using Planton.Runner.Providers.Kubernetes.Authentication;
using Planton.Runner.Providers.Kubernetes.Inline;

namespace Planton.Runner.Providers.Kubernetes;

/// <summary>Makes the HTTP handler of one target: TLS, proxy, limits.</summary>
internal sealed class TargetHandlerFactory(KubernetesOptions options, EgressProxy egress)
{
    /// <summary>For a connection that brings its own credentials: nothing of it stays behind, and not every address is dialled.</summary>
    public TargetAttempt<SocketsHttpHandler> CreateForOneRequest(TargetDefinition definition, ClientCertificate? certificate, AddressRanges? ranges)
    {
        var made = Create(definition, certificate);
        if (made.Value is { } handler)
        {
            // A resumable session would keep what the handshake proved, and the client's key with it.
            handler.SslOptions.AllowTlsResume = false;
            handler.ConnectCallback = (context, cancellationToken) => InlineAddresses.ConnectAsync(context, ranges, cancellationToken);
            // A proxy would resolve the name itself, and reach what it likes.
            if (ranges is not null)
                handler.UseProxy = false;
        }

        return made;
    }

    public TargetAttempt<SocketsHttpHandler> Create(TargetDefinition definition, ClientCertificate? certificate)
    {
        X509Certificate2Collection? roots = null;
        if (definition.AuthorityPem is { } pem)
        {
            roots = ReadRoots(pem);
            if (roots.Count == 0)
                return new NetworkFault(NetworkStage.Configuration, $"the certificate authority of {definition.Name} holds no certificate", definition.Advice);
        }

        var tls = CertificateTrust.Create(roots, definition.SkipVerify);
        tls.ClientCertificateContext = certificate?.Context;
        var proxy = Proxy(definition);
        return new SocketsHttpHandler
        {
            SslOptions = tls,
            UseProxy = proxy is not null,
            Proxy = proxy,
            ConnectTimeout = options.ConnectTimeout,
            KeepAlivePingDelay = options.PingDelay,
            KeepAlivePingTimeout = options.PingTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
            PooledConnectionLifetime = options.ConnectionLifetime,
            PooledConnectionIdleTimeout = options.ConnectionIdleTimeout,
            // A Go server gives 250 streams a connection, and a thousand log streams are wanted.
            EnableMultipleHttp2Connections = true,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
        };
    }

    /// <summary>The proxy on the way, for messages; null when the target is dialled directly.</summary>
    public string? ProxyName(TargetDefinition definition) =>
        (definition.ProxyUrl is { } url ? ProxyAddress.Parse(url) : egress.For(definition.Server))?.ToString();

    private IWebProxy? Proxy(TargetDefinition definition)
    {
        if (definition.ProxyUrl is { } url)
            return new SingleProxy(ProxyAddress.Parse(url)!);
        return egress.For(definition.Server) is null ? null : egress;
    }

    private static X509Certificate2Collection ReadRoots(string pem)
    {
        var roots = new X509Certificate2Collection();
        try
        {
            roots.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            roots.Clear();
        }

        return roots;
    }
}
