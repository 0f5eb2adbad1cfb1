using System.Net;
using Planton.Api.Operations;
using Planton.Tunnel.Protocol;

namespace Planton.Runner.Tests.Fixtures;

/// <summary>Requests as the gateway sends them down a tunnel: HTTP/2 with prior knowledge.</summary>
internal static class TestOperation
{
    public static HttpRequestMessage Get(string path, string organization = TestIdentity.Org, string server = "http://runner")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, server + path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Add(OperationHeaders.Runner, TestIdentity.Runner);
        request.Headers.Add(OperationHeaders.Organization, organization);
        return request;
    }

    /// <summary>An upgrade that is no WebSocket, as an extended CONNECT.</summary>
    public static HttpRequestMessage Upgrade(string path, string? method = "POST", string server = "http://runner")
    {
        var request = Get(path, server: server);
        request.Method = HttpMethod.Connect;
        request.Headers.Protocol = "SPDY/3.1";
        if (method is not null)
            request.Headers.Add(TunnelProtocol.UpgradeMethodHeader, method);
        return request;
    }
}
