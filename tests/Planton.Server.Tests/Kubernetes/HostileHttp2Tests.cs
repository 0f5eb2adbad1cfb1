using Microsoft.AspNetCore.Http;
using Planton.Server.Tests.Fixture;
using Planton.Tunnel.Gateway;

namespace Planton.Server.Tests.Kubernetes;

/// <summary>What HTTP/2 can carry and later hops cannot: HTTP/1.1 could not bring it to this server.</summary>
public sealed class HostileHttp2Tests(TunnelsOnSqlite shared) : KubernetesProxyTest(shared), IClassFixture<TunnelsOnSqlite>
{
    // The static table of HPACK (RFC 7541, appendix A) has these statuses.
    private const byte Ok = 0x80 | 8;
    private const byte BadRequest = 0x80 | 12;

    [Fact]
    public async Task EachIsRefusedAlone_AndTheTunnelStays()
    {
        var runner = await ConnectAsync(context => context.Response.WriteAsync("here"));
        using var connection = await RawHttp2.ConnectAsync(Server);
        var tunnel = Tunnel();

        Assert.Equal(Ok, await connection.SendAsync(Request("x")));
        foreach (var path in new[] { "x\u0001", "x y", "x\u007f", "x#y", "x?\u0002" })
            Assert.True(await connection.SendAsync(Request(path)) == BadRequest, $"path {Uri.EscapeDataString(path)}");
        foreach (var value in new[] { "\u0001", "\u001b[31m", "\u007f", "\u00c3\u00a9" })
            Assert.True(await connection.SendAsync([.. Request("x"), ("x-odd", value)]) == BadRequest, $"value {Uri.EscapeDataString(value)}");
        foreach (var name in new[] { "x odd", "x(odd)", "x\u0001odd" })
            Assert.True(await connection.SendAsync([.. Request("x"), (name, "a")]) == BadRequest, $"name {Uri.EscapeDataString(name)}");
        Assert.Equal(BadRequest, await connection.SendAsync([(":method", "CONNECT"), (":protocol", "a\u0001b"), .. Request("x")[1..]]));
        Assert.Equal(Ok, await connection.SendAsync(Request("x")));
        Assert.Same(tunnel, Tunnel());

        GatewayTunnel Tunnel() => Server.Get<TunnelRegistry>().Of(runner.Credentials.Metadata!.RunnerId!).Single();
    }

    private (string Name, string Value)[] Request(string path) =>
        [(":method", "GET"), (":scheme", "https"), (":path", $"/kubernetes/{Org}/cluster/{path}"), (":authority", "x"), ("authorization", $"Bearer {Server.AdminKey}")];
}
