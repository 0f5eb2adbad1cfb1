using System.Net;
using Planton.Tunnel.Gateway;

namespace Planton.Tunnel.Tests.Fixtures;

/// <summary>Requests as the gateway sends them.</summary>
internal static class TunnelRequests
{
    public static HttpRequestMessage Request(HttpMethod method, string path, HttpContent? content = null) =>
        new(method, $"http://runner{path}") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = content };

    public static Task<HttpResponseMessage> SendAsync(this GatewayTunnel tunnel, HttpMethod method, string path, HttpContent? content = null) =>
        tunnel.Invoker.SendAsync(Request(method, path, content), TestContext.Current.CancellationToken);

    public static async Task<string> GetStringAsync(this GatewayTunnel tunnel, string path)
    {
        using var response = await tunnel.SendAsync(HttpMethod.Get, path);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Whether an operation could begin now; gives the place back at once.</summary>
    public static bool TryProbe(this GatewayTunnel tunnel)
    {
        using var lease = tunnel.TryBeginOperation();
        return lease is not null;
    }
}
