using System.Net.Http.Headers;
using Planton.Api.Client;
using Planton.Runner.Credentials;
using Planton.Runner.Network;

namespace Planton.Runner.Startup;

/// <summary>The control plane's API with this runner's API key.</summary>
internal sealed class ControlPlaneClient : IDisposable
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;

    public ControlPlaneClient(LoadedCredentials credentials, EgressProxy egress)
    {
        var url = credentials.ControlPlane;
        var proxy = egress.For(url);
        Proxy = proxy?.ToString();
        Address = $"{url.Host}:{url.Port}";
        _http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = CertificateTrust.Create(credentials.ControlPlaneRoots),
            UseProxy = proxy is not null,
            Proxy = proxy is null ? null : egress,
            ConnectTimeout = ConnectTimeout,
            UseCookies = false,
            // A redirect would carry the key to an address that nobody configured.
            AllowAutoRedirect = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
        {
            BaseAddress = new Uri(url.AbsoluteUri.TrimEnd('/') + "/"),
            Timeout = RequestTimeout,
        };
        _http.DefaultRequestHeaders.Authorization = PlantonApiClient.Bearer(credentials.ApiKey);
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("planton-runner", RunnerVersion.Current));
        Api = new PlantonApiClient(_http);
    }

    public PlantonApiClient Api { get; }

    /// <summary><c>host:port</c>, for messages.</summary>
    public string Address { get; }

    /// <summary>The proxy on the way, for messages.</summary>
    public string? Proxy { get; }

    public void Dispose() => _http.Dispose();
}
