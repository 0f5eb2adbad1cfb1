using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Runner.Providers.Kubernetes;
using Planton.Runner.Providers.Kubernetes.Inline;
using Planton.Runner.Tests.Fixtures;
using Planton.Testing;

namespace Planton.Runner.Tests;

/// <summary>
/// Inline connections through an egress proxy, which resolves names for itself. The DNS of these tests is a table: no other can be
/// made to name the addresses of a cloud.
/// </summary>
public sealed class InlineProxyTests : IDisposable
{
    private const string Name = "cluster.example.test";
    private readonly TestAuthority _authority = new();
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string[]> _dns = [];
    private int _asked;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task AName_IsResolvedHere_AndTheProxyIsAskedForTheAddressThatWasChecked()
    {
        _dns[Name] = ["fd12::1", "192.0.2.7"];
        await using var target = await TestTarget.StartAsync(_authority.Server([Name]));
        await using var proxy = new ConnectProxy();
        await using var host = await StartAsync(proxy);

        using var response = await SendAsync(host, Config(target));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([$"192.0.2.7:{target.Port}"], proxy.Targets);
        Assert.Equal([Name], target.ServerNames);
        Assert.Equal($"{Name}:{target.Port}", Assert.Single(target.Seen).Header("Host"));
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task ATlsServerName_GoesBeforeTheName()
    {
        _dns[Name] = ["192.0.2.7"];
        await using var target = await TestTarget.StartAsync(_authority.Server(["other.test"]));
        await using var proxy = new ConnectProxy();
        await using var host = await StartAsync(proxy);

        using var response = await SendAsync(host, Config(target, ("tls-server-name", "other.test")));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["other.test"], target.ServerNames);
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("192.0.2.7", "169.254.169.254")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("fd00:ec2::254")]
    public async Task ANameThatLeadsToMetadata_IsNotHandedToTheProxy(params string[] addresses)
    {
        _dns[Name] = addresses;
        await using var target = await TestTarget.StartAsync(_authority.Server([Name]));
        await using var proxy = new ConnectProxy();
        await using var host = await StartAsync(proxy);

        using var response = await SendAsync(host, Config(target));

        Assert.Equal(ErrorCode.RefusedByRunner, response.ErrorCode());
        Assert.Contains("identity in a cloud", response.ErrorDetail(), StringComparison.Ordinal);
        Assert.Empty(proxy.Targets);
    }

    [Fact]
    public async Task ANameThatThisRunnerCannotResolve_IsRefused_WithWhatHelps()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server([Name]));
        await using var proxy = new ConnectProxy();
        await using var host = await StartAsync(proxy);

        using var response = await SendAsync(host, Config(target));

        Assert.Equal(ErrorCode.RefusedByRunner, response.ErrorCode());
        Assert.Contains($"{Name}:{target.Port} is a name that this runner cannot resolve", response.ErrorDetail(), StringComparison.Ordinal);
        foreach (var help in new[] { "tls-server-name", "NO_PROXY", "--proxy-resolves-names", $"http://127.0.0.1:{proxy.Port}" })
            Assert.Contains(help, response.ErrorDetail(), StringComparison.Ordinal);
        Assert.Empty(proxy.Targets);
    }

    [Fact]
    public async Task WhereTheProxyIsTrustedWithNames_TheyAreHandedToIt_ButNotThoseOfMetadata()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server([Name]));
        await using var proxy = new ConnectProxy();
        await using var host = await StartAsync(proxy, proxyResolvesNames: true);

        using var good = await SendAsync(host, Config(target));
        using var bad = await SendAsync(host, """{"server":"https://metadata.google.internal"}""");

        Assert.Equal((HttpStatusCode.OK, ErrorCode.RefusedByRunner), (good.StatusCode, bad.ErrorCode()));
        Assert.Equal([$"{Name}:{target.Port}"], proxy.Targets);
        Assert.Equal(0, _asked);
    }

    [Fact]
    public async Task WithoutAProxy_TheAddressThatIsCheckedIsTheOneThatIsDialled()
    {
        _dns[Name] = ["127.0.0.1"];
        await using var target = await TestTarget.StartAsync(_authority.Server([Name]));
        await using var host = await StartAsync(null);

        using var good = await SendAsync(host, Config(target));
        _dns[Name] = ["127.0.0.1", "169.254.169.254"];
        using var bad = await SendAsync(host, Config(target));

        Assert.Equal((HttpStatusCode.OK, ErrorCode.RefusedByRunner), (good.StatusCode, bad.ErrorCode()));
        Assert.Equal(2, _asked);
    }

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("10.0.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("fd12::1")]
    [InlineData("64:ff9b::c000:201")]
    [InlineData("2002:c000:201::1")]
    [InlineData("2606:4700::1111")]
    public void OtherAddressesAreClusters(string address) =>
        Assert.False(MetadataAddresses.Contains(IPAddress.Parse(address)));

    private Task<OperationHost> StartAsync(ConnectProxy? proxy, bool proxyResolvesNames = false) => OperationHost.StartAsync(
        _folder.Write("kube", KubeConfigs.One("https://127.0.0.1:1")),
        environment: proxy is null ? null : new() { ["HTTPS_PROXY"] = $"http://127.0.0.1:{proxy.Port}", ["NO_PROXY"] = "192.0.2.0/24" },
        options: new KubernetesOptions { ProxyResolvesNames = proxyResolvesNames },
        resolve: Resolve);

    private Task<IPAddress[]> Resolve(string name, CancellationToken cancellationToken)
    {
        // The proxy's own address is dialled, and so resolved, as well.
        if (IPAddress.TryParse(name, out var address))
            return Task.FromResult<IPAddress[]>([address]);
        Interlocked.Increment(ref _asked);
        return _dns.TryGetValue(name, out var addresses)
            ? Task.FromResult<IPAddress[]>([.. addresses.Select(IPAddress.Parse)])
            : Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound));
    }

    private string Config(TestTarget target, params (string Name, string Value)[] more)
    {
        var fields = new Dictionary<string, string>
        {
            ["server"] = $"https://{Name}:{target.Port}",
            ["certificate-authority-data"] = KubeConfigs.Base64(_authority.Pem),
            ["token"] = "a-token-of-the-connection",
        };
        foreach (var (name, value) in more)
            fields[name] = value;
        return JsonSerializer.Serialize(fields);
    }

    private static async Task<HttpResponseMessage> SendAsync(OperationHost host, string config)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/kubernetes/api");
        request.Headers.TryAddWithoutValidation(OperationHeaders.KubernetesConfig, Convert.ToBase64String(Encoding.UTF8.GetBytes(config)));
        return await host.Client.SendAsync(request, Cancel);
    }
}
