using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Runner.Tests.Fixtures;
using Planton.Testing;
using Planton.Tunnel.Identity;

namespace Planton.Runner.Tests;

/// <summary>Where a connection's own kubeconfig may lead when the control plane names the address ranges, as it always does at a platform runner.</summary>
public sealed class AllowedAddressTests : IDisposable
{
    private const string Loopback = "127.0.0.0/8";
    private const string Elsewhere = "10.20.0.0/16";

    private readonly TestAuthority _authority = new();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("2130706433")]
    public async Task OutOfTheRanges_NothingIsDialled_NotByANameEither(string host)
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        await using var runner = await StartAsync();

        using var refused = await SendAsync(runner, Config(target, host), Elsewhere);
        using var everywhere = await SendAsync(runner, Config(target, host), "0.0.0.0/0,::/0");
        using var allowed = await SendAsync(runner, Config(target, host), $"{Elsewhere},{Loopback}");

        foreach (var response in new[] { refused, everywhere })
        {
            Assert.Equal(ErrorCode.RefusedByRunner, response.ErrorCode());
            Assert.Contains("is in no address range that this runner is granted for", response.ErrorDetail(), StringComparison.Ordinal);
            Assert.False(response.Headers.Contains(OperationHeaders.ErrorStage));
        }

        // What a name leads to inside that network is not told.
        if (host == "localhost")
            Assert.DoesNotContain("127.0.0.1", refused.ErrorDetail(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        Assert.Single(target.ServerNames);
    }

    [Fact]
    public async Task AnUpgradeIsHeldToThemToo()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        await using var runner = await StartAsync(protocols: HttpProtocols.Http2);
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });
        using var request = TestOperation.Upgrade("/kubernetes/exec", method: "GET", server: runner.Url);
        request.Headers.Protocol = "websocket";
        request.Headers.TryAddWithoutValidation(OperationHeaders.KubernetesConfig, Base64(Config(target, "localhost")));
        request.Headers.TryAddWithoutValidation(OperationHeaders.AllowedAddresses, Elsewhere);

        using var response = await client.SendAsync(request, Cancel);

        Assert.Equal(ErrorCode.RefusedByRunner, response.ErrorCode());
        Assert.Empty(target.ServerNames);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("all")]
    [InlineData("127.0.0.0/8;10.0.0.0/8")]
    public async Task APlatformRunner_WithoutRangesThatItCanRead_DialsNothing(string? ranges)
    {
        await using var own = await TestTarget.StartAsync(_authority.Server());
        await using var target = await TestTarget.StartAsync(_authority.Server());
        await using var runner = await StartAsync(own: own);

        using var response = await SendAsync(runner, Config(target, "127.0.0.1"), ranges);

        Assert.Equal(ErrorCode.RefusedByRunner, response.ErrorCode());
        Assert.Empty(target.ServerNames);
        Assert.Empty(own.ServerNames);
    }

    [Fact]
    public async Task RangesThatAreThereTwice_AreRefused()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        await using var runner = await StartAsync();
        using var request = Request(Config(target, "127.0.0.1"));
        request.Headers.TryAddWithoutValidation(OperationHeaders.AllowedAddresses, Loopback);
        request.Headers.TryAddWithoutValidation(OperationHeaders.AllowedAddresses, Loopback);

        using var response = await runner.Client.SendAsync(request, Cancel);

        Assert.Equal(ErrorCode.RefusedByRunner, response.ErrorCode());
        Assert.Empty(target.ServerNames);
    }

    [Fact]
    public async Task AnOrganizationsRunner_DialsAnyAddress_AndKeepsToRangesThatItIsGiven()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        await using var runner = await StartAsync(TestIdentity.OfOrganization);

        using var free = await SendAsync(runner, Config(target, "127.0.0.1"), null);
        using var limited = await SendAsync(runner, Config(target, "127.0.0.1"), Elsewhere);

        Assert.Equal((HttpStatusCode.OK, ErrorCode.RefusedByRunner), (free.StatusCode, limited.ErrorCode()));
    }

    [Fact]
    public async Task NoProxyIsUsed_ForItWouldResolveTheNameItself()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        // It sends every name to where the target is.
        await using var proxy = new ConnectProxy();
        await using var runner = await StartAsync(environment: new() { ["HTTPS_PROXY"] = $"http://127.0.0.1:{proxy.Port}" });
        var named = Config(target, "cluster.invalid", ("proxy-url", $"http://127.0.0.1:{proxy.Port}"));

        using var direct = await SendAsync(runner, Config(target, "cluster.invalid"), Loopback);
        using var refused = await SendAsync(runner, named, Loopback);

        Assert.Equal(ErrorCode.TargetUnreachable, direct.ErrorCode());
        Assert.DoesNotContain("proxy", direct.ErrorDetail(), StringComparison.Ordinal);
        Assert.Equal(ErrorCode.RefusedByRunner, refused.ErrorCode());
        Assert.Contains("proxy-url", refused.ErrorDetail(), StringComparison.Ordinal);
        Assert.Empty(proxy.Targets);
        Assert.Empty(target.ServerNames);
    }

    [Fact]
    public async Task WhereAMachineGetsItsIdentity_IsInNoRange()
    {
        await using var runner = await StartAsync();

        using var response = await SendAsync(runner, """{"server":"http://169.254.169.254"}""", "169.254.0.0/16");

        Assert.Contains("identity in a cloud", response.ErrorDetail(), StringComparison.Ordinal);
    }

    private Task<OperationHost> StartAsync(
        RunnerIdentity? identity = null, TestTarget? own = null, Dictionary<string, string>? environment = null, HttpProtocols protocols = HttpProtocols.Http1) =>
        OperationHost.StartAsync(
            _folder.Write("kube", KubeConfigs.One(own?.Url ?? "https://127.0.0.1:1", KubeConfigs.Authority(_authority), "token: the-runners-own-token")),
            environment, identity ?? TestIdentity.OfPlatform, protocols: protocols);

    private string Config(TestTarget target, string host, params (string Name, string Value)[] more)
    {
        var fields = new Dictionary<string, string>
        {
            ["server"] = $"https://{host}:{target.Port}", ["certificate-authority-data"] = KubeConfigs.Base64(_authority.Pem), ["tls-server-name"] = "localhost",
        };
        foreach (var (name, value) in more)
            fields[name] = value;
        return JsonSerializer.Serialize(fields);
    }

    private static async Task<HttpResponseMessage> SendAsync(OperationHost runner, string config, string? ranges)
    {
        using var request = Request(config);
        if (ranges is not null)
            request.Headers.TryAddWithoutValidation(OperationHeaders.AllowedAddresses, ranges);
        return await runner.Client.SendAsync(request, Cancel);
    }

    private static HttpRequestMessage Request(string config)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/kubernetes/api");
        request.Headers.TryAddWithoutValidation(OperationHeaders.KubernetesConfig, Base64(config));
        return request;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
