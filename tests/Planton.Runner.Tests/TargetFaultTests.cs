using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Runner.Providers.Kubernetes;
using Planton.Runner.Tests.Fixtures;
using Planton.Testing;
using Planton.Testing.Network;

namespace Planton.Runner.Tests;

public sealed class TargetFaultTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task ANameThatDoesNotResolveIsDns() =>
        await ExpectAsync("https://no-such-host.invalid:6443", "", "no-such-host.invalid:6443 cannot be resolved by DNS");

    [Fact]
    public async Task AClosedPortIsARefusedConnection() =>
        await ExpectAsync($"https://127.0.0.1:{FreePort.Find()}", "", "refused the connection");

    [Fact]
    public async Task AnUnknownAuthorityIsNamed()
    {
        using var other = new TestAuthority("Somebody Else");
        await using var target = await TestTarget.StartAsync(other.Server());
        await ExpectAsync(target.Url, KubeConfigs.Authority(_authority), "TLS with 127.0.0.1", "unknown authority (CN=Somebody Else)");
    }

    [Fact]
    public async Task AnotherNameInTheCertificateIsNamed_AndTlsServerNameMendsIt()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server(["cluster.test"]));
        await ExpectAsync(target.Url, KubeConfigs.Authority(_authority), "is for cluster.test, not for the name that was dialled");

        await using var host = await StartAsync(target.Url, KubeConfigs.Authority(_authority) + ", tls-server-name: cluster.test");
        using var response = await host.GetAsync("/api", Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("cluster.test", target.ServerNames.Last());
    }

    [Fact]
    public async Task AnExpiredCertificateIsNamed()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server(validFor: TimeSpan.FromHours(-1)));
        await ExpectAsync(target.Url, KubeConfigs.Authority(_authority), "is valid from", "and not now");
    }

    [Fact]
    public async Task InsecureSkipTlsVerifyAcceptsAnything()
    {
        using var other = new TestAuthority("Somebody Else");
        await using var target = await TestTarget.StartAsync(other.Server(["elsewhere.test"]));
        await using var host = await StartAsync(target.Url, "insecure-skip-tls-verify: true");
        using var response = await host.GetAsync("/api", Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task ACertificateOfTheServerItselfMayStandAsTheAuthority()
    {
        using var certificate = _authority.Server();
        await using var target = await TestTarget.StartAsync(certificate);
        await using var host = await StartAsync(target.Url, $"certificate-authority-data: {KubeConfigs.Base64(certificate.ExportCertificatePem())}");
        using var response = await host.GetAsync("/api", Cancel);
        Assert.Equal("", response.ErrorDetail());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task AServerThatSpeaksNoTlsIsATlsFault()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = AnswerAsync(listener);
        await ExpectAsync($"https://127.0.0.1:{Port(listener)}", "", "the TLS handshake with 127.0.0.1");
        await answering;

        static async Task AnswerAsync(TcpListener listener)
        {
            using var client = await listener.AcceptTcpClientAsync(Cancel);
            await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), Cancel);
            client.Client.Shutdown(SocketShutdown.Send);
        }
    }

    [Fact]
    public async Task AServerThatNeverAnswersTheHandshakeIsATimeOut()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var host = await OperationHost.StartAsync(
            _folder.Write("config", KubeConfigs.One($"https://127.0.0.1:{Port(listener)}")),
            options: new KubernetesOptions { ConnectTimeout = TimeSpan.FromMilliseconds(400) });
        using var response = await host.GetAsync("/api", Cancel);
        AssertUnreachable(response, "timed out");
    }

    [Fact]
    public async Task AConnectionThatIsCutBeforeTheAnswerIsToldAsSuch()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server(), context =>
        {
            context.Abort();
            return Task.CompletedTask;
        }, HttpProtocols.Http1);
        await ExpectAsync(target.Url, KubeConfigs.Authority(_authority), "closed the connection or gave no valid HTTP answer");
    }

    [Fact]
    public async Task ProxyUrlIsUsedAndItsPasswordIsSent()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server(["cluster.test"]));
        await using var proxy = new ConnectProxy("pass-word-1");
        await using var host = await StartAsync($"https://cluster.test:{target.Port}",
            KubeConfigs.Authority(_authority) + $", proxy-url: \"http://user:pass-word-1@127.0.0.1:{proxy.Port}\"");

        using var response = await host.GetAsync("/api", Cancel);

        Assert.Equal("", response.ErrorDetail());
        Assert.Equal($"cluster.test:{target.Port}", proxy.Targets.Single());
        Assert.Equal("HTTP/2", target.Seen.Single().Protocol);
    }

    [Fact]
    public async Task HttpsProxyIsHonouredAndNoProxyExempts()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server(["cluster.test", "127.0.0.1"]));
        await using var proxy = new ConnectProxy();
        var environment = new Dictionary<string, string> { ["HTTPS_PROXY"] = $"http://127.0.0.1:{proxy.Port}" };
        await using (var host = await StartAsync($"https://cluster.test:{target.Port}", KubeConfigs.Authority(_authority), environment))
        {
            using var response = await host.GetAsync("/api", Cancel);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        environment["NO_PROXY"] = ".test";
        await using var direct = await StartAsync($"https://cluster.test:{target.Port}", KubeConfigs.Authority(_authority), environment);
        using var unresolved = await direct.GetAsync("/api", Cancel);
        AssertUnreachable(unresolved, "cannot be resolved by DNS");
        Assert.Single(proxy.Targets);
    }

    [Theory]
    [InlineData(407, "answered 407", "user name and password")]
    [InlineData(403, "answered 403", "NO_PROXY")]
    public async Task AProxyThatRefusesIsNamed(int status, string expected, string advice)
    {
        await using var proxy = status == 407 ? new ConnectProxy("needed") : new ConnectProxy(refusal: status);
        await ExpectAsync("https://cluster.test:6443", $"proxy-url: \"http://127.0.0.1:{proxy.Port}\"",
            $"the proxy http://127.0.0.1:{proxy.Port} refused to connect to cluster.test:6443", expected, advice);
    }

    [Fact]
    public async Task AProxyThatIsNotThereIsNamedWithoutItsPassword()
    {
        var port = FreePort.Find();
        var detail = await ExpectAsync("https://cluster.test:6443", $"proxy-url: \"http://user:hunter2-hunter2@127.0.0.1:{port}\"",
            $"the proxy http://127.0.0.1:{port} on the way to cluster.test:6443 cannot be connected to (ConnectionRefused)");
        Assert.DoesNotContain("hunter2", detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("auth-provider: {name: gcp}", "auth-provider 'gcp', which Kubernetes removed")]
    [InlineData("as: admin", "impersonates another user")]
    [InlineData("exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: x}", "v1alpha1")]
    [InlineData("exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Always}", "wants a terminal")]
    [InlineData("client-certificate-data: YQ==", "only one of client certificate and client key")]
    [InlineData("client-certificate-data: YQ==, client-key-data: YQ==", "cannot be read or do not belong together")]
    [InlineData("tokenFile: nowhere", "is missing, empty or not readable")]
    public async Task WhatTheKubeconfigAsksForAndCannotBeDoneIsSaid(string user, string expected)
    {
        await using var host = await OperationHost.StartAsync(_folder.Write("config", KubeConfigs.One("https://127.0.0.1:1", user: user)));
        using var response = await host.GetAsync("/api", Cancel);
        AssertUnreachable(response, expected);
    }

    [Fact]
    public async Task AContextThatIsNotThereNamesThoseThatAre()
    {
        await using var host = await StartAsync("https://127.0.0.1:1");
        host.Client.DefaultRequestHeaders.Add(OperationHeaders.KubernetesContext, "a%20b");
        using var response = await host.GetAsync("/api", Cancel);
        AssertUnreachable(response, "has no context 'a b'", "It has: test");
    }

    [Fact]
    public async Task WithoutAnyConfigurationTheFirstOperationSaysSo()
    {
        await using var host = await OperationHost.StartAsync(environment: new() { ["HOME"] = _folder.FullName });
        using var response = await host.GetAsync("/api", Cancel);
        AssertUnreachable(response, "the runner has no kubeconfig and is not in a cluster", "--kubeconfig");
    }

    [Fact]
    public async Task AKubeconfigThatAppearsOrChangesIsPickedUp()
    {
        await using var target = await TestTarget.StartAsync(_authority.Server());
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var file = _folder.File(".kube/config");
        await using var host = await OperationHost.StartAsync(environment: new() { ["HOME"] = _folder.FullName }, time: time);
        using var before = await host.GetAsync("/api", Cancel);
        await File.WriteAllTextAsync(file, KubeConfigs.One(target.Url, KubeConfigs.Authority(_authority), "token: token-number-one"), Cancel);
        using var first = await host.GetAsync("/api", Cancel);
        await File.WriteAllTextAsync(file, KubeConfigs.One(target.Url, KubeConfigs.Authority(_authority), "token: token-number-two-longer"), Cancel);
        time.Advance(TimeSpan.FromSeconds(2));
        using var second = await host.GetAsync("/api", Cancel);

        Assert.Equal(HttpStatusCode.BadGateway, before.StatusCode);
        Assert.Equal(["Bearer token-number-one", "Bearer token-number-two-longer"], target.Seen.Select(s => s.Header("Authorization")));
    }

    private async Task<string> ExpectAsync(string server, string cluster, params string[] expected)
    {
        await using var host = await StartAsync(server, cluster);
        using var response = await host.GetAsync("/api", Cancel);
        AssertUnreachable(response, expected);
        return response.ErrorDetail();
    }

    private static void AssertUnreachable(HttpResponseMessage response, params string[] expected)
    {
        Assert.Equal(ErrorCode.TargetUnreachable, response.ErrorCode());
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.All(expected, text => Assert.Contains(text, response.ErrorDetail(), StringComparison.Ordinal));
    }

    private Task<OperationHost> StartAsync(string server, string cluster = "", Dictionary<string, string>? environment = null) =>
        OperationHost.StartAsync(_folder.Write("config", KubeConfigs.One(server, cluster)), environment);

    private static int Port(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;
}
