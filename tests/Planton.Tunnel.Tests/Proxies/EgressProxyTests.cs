using System.Net;
using System.Text;
using Planton.Testing;
using Planton.Tunnel.Runner;
using Planton.Tunnel.Tests.Fixtures;

namespace Planton.Tunnel.Tests.Proxies;

public sealed class EgressProxyTests : TunnelTest
{
    [Fact]
    public async Task TheTunnelGoesThroughTheProxy_WithItsCredentials()
    {
        var gateway = await StartGatewayAsync();
        var proxy = Started(new TestProxy());
        await StartRunnerAsync(gateway.EndPoint, configure: options =>
            options.Proxy = new WebProxy(proxy.Uri) { Credentials = new NetworkCredential("ann", "p:w") });

        var tunnel = await gateway.TunnelAsync();

        Assert.Equal("GET /x", await tunnel.GetStringAsync("/x"));
        var request = Assert.Single(proxy.Requests);
        Assert.StartsWith($"CONNECT localhost:{gateway.EndPoint.Port} HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains($"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes("ann:p:w"))}\r\n", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutCredentials_NoneAreSent()
    {
        var gateway = await StartGatewayAsync();
        var proxy = Started(new TestProxy());
        await StartRunnerAsync(gateway.EndPoint, configure: options => options.Proxy = new WebProxy(proxy.Uri));

        await gateway.TunnelAsync();

        Assert.DoesNotContain("Proxy-Authorization", Assert.Single(proxy.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AHostThatIsBypassed_IsDialledDirectly()
    {
        var gateway = await StartGatewayAsync();
        var proxy = Started(new TestProxy());
        await StartRunnerAsync(gateway.EndPoint, configure: options => options.Proxy = new WebProxy(proxy.Uri, BypassOnLocal: true));

        await gateway.TunnelAsync();

        Assert.Empty(proxy.Requests);
    }

    [Theory]
    [InlineData("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "asks for credentials (407)")]
    [InlineData("HTTP/1.1 403 Forbidden\r\n\r\n", "refused to connect")]
    [InlineData("HTTP/1.0 502 Bad Gateway\r\n\r\n", "(status 502)")]
    [InlineData("SSH-2.0-OpenSSH_9\r\n\r\n", "(status 0)")]
    [InlineData("", "closed the connection")]
    public async Task AProxyThatRefuses_IsNamed_AndTheReasonToo(string answer, string reason)
    {
        var gateway = await StartGatewayAsync();
        var proxy = Started(new TestProxy { Answer = _ => answer });
        var runner = await StartRunnerAsync(gateway.EndPoint, configure: options => options.Proxy = new WebProxy(proxy.Uri));

        await Eventually.BecomesTrueAsync(() => runner.Link.Status.LastFailure == DialFailure.Proxy, "the dial fails at the proxy", cancellationToken: Cancelled);

        Assert.Contains(reason, runner.Link.Status.LastError, StringComparison.Ordinal);
        Assert.Contains(proxy.Uri.Authority, runner.Link.Status.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEndlessAnswer_IsNotReadForEver()
    {
        var gateway = await StartGatewayAsync();
        var proxy = Started(new TestProxy { Answer = _ => "HTTP/1.1 200 OK\r\n" + new string('x', 20_000) });
        var runner = await StartRunnerAsync(gateway.EndPoint, configure: options => options.Proxy = new WebProxy(proxy.Uri));

        await Eventually.BecomesTrueAsync(() => runner.Link.Status.LastFailure == DialFailure.Proxy, "the dial fails at the proxy", cancellationToken: Cancelled);

        Assert.Contains("more than 8192 bytes", runner.Link.Status.LastError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://127.0.0.1:1", "only http:// proxies")]
    [InlineData("http://127.0.0.1:1", "cannot be reached")]
    public async Task AProxyThatCannotBeUsed_IsNamed(string proxy, string reason)
    {
        var gateway = await StartGatewayAsync();
        var runner = await StartRunnerAsync(gateway.EndPoint, configure: options => options.Proxy = new WebProxy(proxy));

        await Eventually.BecomesTrueAsync(() => runner.Link.Status.LastFailure == DialFailure.Proxy, "the dial fails at the proxy", cancellationToken: Cancelled);

        Assert.Contains(reason, runner.Link.Status.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANameThatDoesNotResolve_IsNamed()
    {
        var gateway = await StartGatewayAsync();
        var runner = await StartRunnerAsync(gateway.EndPoint, configure: options => options.Host = "no-such-host.invalid");

        await Eventually.BecomesTrueAsync(
            () => runner.Link.Status.LastFailure == DialFailure.NameResolution, "the name does not resolve", cancellationToken: Cancelled);

        Assert.Contains("no-such-host.invalid", runner.Link.Status.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServerThatIsNoGateway_IsNamed()
    {
        using var plain = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        plain.Start();
        var answering = AnswerAsync(plain);
        var runner = await StartRunnerAsync(plain.LocalEndpoint, configure: options => options.BackoffFirst = TimeSpan.FromMinutes(1));

        await Eventually.BecomesTrueAsync(() => runner.Link.Status.LastFailure == DialFailure.Tls, "the handshake fails", cancellationToken: Cancelled);

        Assert.Contains("the TLS handshake with", runner.Link.Status.LastError, StringComparison.Ordinal);
        await answering;
    }

    [Fact]
    public async Task APeerThatNeverAnswers_TimesOut()
    {
        using var silent = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var runner = await StartRunnerAsync(silent.LocalEndpoint, configure: options => options.DialTimeout = TimeSpan.FromMilliseconds(300));

        await Eventually.BecomesTrueAsync(() => runner.Link.Status.LastFailure == DialFailure.TimedOut, "the dial times out", cancellationToken: Cancelled);

        Assert.Contains("the TLS handshake", runner.Link.Status.LastError, StringComparison.Ordinal);
    }

    private static async Task AnswerAsync(System.Net.Sockets.TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync(Cancelled);
        await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), Cancelled);
        await client.GetStream().ReadExactlyAsync(new byte[1], Cancelled);
    }
}
