using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Kubernetes;

/// <summary>A server that a proxy puts below a path of its own.</summary>
public sealed class RedirectBehindProxyTests : KubernetesProxyTest
{
    [Fact]
    public async Task ARedirect_LeadsToThePublicPath()
    {
        await ConnectAsync(context =>
        {
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = "/x";
            return Task.CompletedTask;
        });

        var (status, text) = await RawHttp.SendAsync(Server, $"GET /kubernetes/{Org}/cluster/y", $"Authorization: Bearer {Server.AdminKey}");

        Assert.Equal(302, status);
        Assert.Equal([$"/tools/planton/kubernetes/{Org}/cluster/x"], RawHttp.Header(text, "Location"));
    }

    private protected override Task<ServerFixture> StartServerAsync() => ServerFixture.StartAsync(
        options => options with { PublicUrl = new Uri("https://example.com/tools/planton/") }, TunnelServer.UseTunnels);
}
