using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Kubernetes;

/// <summary>A server that logs all that it can.</summary>
public sealed class LoggedQueryTests : KubernetesProxyTest
{
    [Fact]
    public async Task AQuery_IsInNoLog_AtNoLevel()
    {
        await ConnectAsync(context => context.Response.WriteAsync("here"));
        var key = $"Authorization: Bearer {Server.AdminKey}";

        await RawHttp.SendAsync(Server, $"GET /kubernetes/{Org}/cluster/exec?command=from-a-command", key);
        await RawHttp.SendAsync(Server, $"GET /kubernetes/{Org}/cluster/exec?token=pck_from-a-token", key);
        await RawHttp.SendAsync(Server, "GET /api/v1/me?access_token=from-a-call");
        await RawHttp.SendAsync(Server, $"GET /kubernetes/{Org}/cluster/exec?command=from-a-bad-line HTTP/9.9 x", key);

        Assert.Contains(Server.Log.Records, record => record.Level == LogLevel.Debug);
        foreach (var secret in new[] { "from-a-command", "from-a-token", "from-a-call", "from-a-bad-line", Server.AdminKey[16..40] })
            Assert.DoesNotContain(secret, Server.Log.Text, StringComparison.Ordinal);
    }

    private protected override Task<ServerFixture> StartServerAsync() =>
        ServerFixture.StartAsync(options => options with { LogLevel = LogLevel.Trace }, TunnelServer.UseTunnels);
}
