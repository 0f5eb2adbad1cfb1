using System.Net;
using Planton.Api;
using Planton.Server.CertificateAuthority;

namespace Planton.Server.Hosting;

/// <summary>How others reach this server, and what they need to trust it: what goes into credentials and <c>GET /api/v1/server</c>.</summary>
internal sealed class PublicEndpoints(ServerOptions options, BoundListeners listeners, CertificateAuthorityService authority)
{
    /// <summary>The API's base URL, without a slash at its end.</summary>
    public string Url => options.PublicUrl is { } url
        ? url.AbsoluteUri.TrimEnd('/')
        : $"{(options.HasTlsCertificate ? "https" : "http")}://{Reachable(listeners.Http)}";

    /// <summary>The path of <see cref="Url"/>, below which a proxy in front puts this server; mostly empty. Without a slash at its end.</summary>
    public string Path => options.PublicUrl?.AbsolutePath.TrimEnd('/') ?? "";

    /// <summary>PEM of our authority when <see cref="Url"/> is served with a certificate of it; else null.</summary>
    public string? UrlCaCertificates => OwnAuthorityServes(new Uri(Url)) ? authority.TrustBundlePem : null;

    /// <summary>The base URL for Kubernetes clients, which send no bearer key over plain HTTP.</summary>
    public string KubernetesUrl
    {
        get
        {
            var url = new Uri(Url);
            // The same port speaks both, so it is kept, even where http would leave it out.
            return url.Scheme == Uri.UriSchemeHttps ? Url : $"https://{url.Host}:{url.Port}{url.AbsolutePath.TrimEnd('/')}";
        }
    }

    /// <summary>PEM of our authority when <see cref="KubernetesUrl"/> is served with a certificate of it; else null.</summary>
    public string? KubernetesCaCertificates =>
        new Uri(Url).Scheme == Uri.UriSchemeHttps ? UrlCaCertificates : authority.TrustBundlePem;

    /// <summary><c>host:port</c> of the gateway.</summary>
    public string Tunnel => (options.PublicTunnel ?? Reachable(listeners.Tunnel)).ToString();

    // https without a certificate of the operator's is either a proxy's, on another host, or our own port, on this machine.
    private bool OwnAuthorityServes(Uri url) =>
        url.Scheme == Uri.UriSchemeHttps && !options.HasTlsCertificate && !options.InsecureHttp && url.IsLoopback;

    private static HostAndPort Reachable(HostAndPort listener) =>
        ListenAddress.IsWildcard(listener) ? listener with { Host = Dns.GetHostName() } : listener;
}
