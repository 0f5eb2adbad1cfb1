using Planton.Api;
using Planton.Server.CertificateAuthority;
using Planton.Server.Hosting;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Hosting;

public sealed class PublicEndpointTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OnLoopback_KubernetesClientsGetTheTlsOfTheSamePortAndItsCa()
    {
        await using var server = await ServerFixture.StartAsync();
        var info = await server.Admin.GetServerAsync(Cancellation);
        Assert.Equal($"http://{server.Http}", info.PublicUrl);
        Assert.Equal($"https://{server.Http}", info.KubernetesUrl);
        Assert.Equal(server.Get<CertificateAuthorityService>().TrustBundlePem, info.KubernetesCaCertificates);
        Assert.NotEmpty(info.Version);
    }

    [Fact]
    public async Task WithAPublicHttpsUrl_ThatIsUsedAndNoCaIsGiven()
    {
        await using var server = await ServerFixture.StartAsync(options => options with { PublicUrl = new Uri("https://planton.example.com/") });
        var info = await server.Admin.GetServerAsync(Cancellation);
        Assert.Equal("https://planton.example.com", info.PublicUrl);
        Assert.Equal("https://planton.example.com", info.KubernetesUrl);
        Assert.Null(info.KubernetesCaCertificates);
    }

    [Fact]
    public async Task WithAPublicHttpsUrlOnThisMachine_OurCaIsGiven()
    {
        await using var server = await ServerFixture.StartAsync(options => options with { PublicUrl = new Uri("https://localhost:9443") });
        var endpoints = server.Get<PublicEndpoints>();
        Assert.Equal("https://localhost:9443", endpoints.KubernetesUrl);
        Assert.NotNull(endpoints.KubernetesCaCertificates);
        Assert.Equal(endpoints.KubernetesCaCertificates, endpoints.UrlCaCertificates);
    }

    [Fact]
    public async Task WithAPublicHttpUrl_ItsPortIsKeptForTls()
    {
        await using var server = await ServerFixture.StartAsync(options => options with { PublicUrl = new Uri("http://planton.internal") });
        Assert.Equal("https://planton.internal:80", server.Get<PublicEndpoints>().KubernetesUrl);
    }

    [Fact]
    public async Task ThePublicTunnelIsWhatRunnersAreTold()
    {
        await using var server = await ServerFixture.StartAsync(
            options => options with { PublicTunnel = new HostAndPort("tunnel.example.com", 443) });
        Assert.Equal("tunnel.example.com:443", server.Get<PublicEndpoints>().Tunnel);
    }

    [Fact]
    public async Task WithoutOne_TheListenerIs()
    {
        await using var server = await ServerFixture.StartAsync();
        Assert.Equal(server.Tunnel.ToString(), server.Get<PublicEndpoints>().Tunnel);
    }

    [Fact]
    public async Task WhenTheGatewayListensEverywhere_RunnersAreToldTheMachinesNameWithAWarning()
    {
        await using var server = await ServerFixture.StartAsync(options => options with { Tunnel = new HostAndPort("0.0.0.0", 0) });
        var name = System.Net.Dns.GetHostName();
        Assert.Equal(new HostAndPort(name, server.Tunnel.Port).ToString(), server.Get<PublicEndpoints>().Tunnel);
        Assert.Contains("--public-tunnel", server.Log.Text, StringComparison.Ordinal);
        Assert.True(server.Get<CertificateAuthorityService>().ServerCertificate.MatchesHostname(name));
    }
}
