using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Planton.Runner.Network;

namespace Planton.Runner.Tests;

public sealed class NetworkFaultReaderTests
{
    [Theory]
    [InlineData(HttpRequestError.NameResolutionError, NetworkStage.Dns, NetworkStage.Proxy)]
    [InlineData(HttpRequestError.ConnectionError, NetworkStage.Connect, NetworkStage.Proxy)]
    [InlineData(HttpRequestError.ProxyTunnelError, NetworkStage.Proxy, NetworkStage.Proxy)]
    [InlineData(HttpRequestError.SecureConnectionError, NetworkStage.Tls, NetworkStage.Tls)]
    [InlineData(HttpRequestError.UserAuthenticationError, NetworkStage.Tls, NetworkStage.Tls)]
    [InlineData(HttpRequestError.ResponseEnded, NetworkStage.Protocol, NetworkStage.Protocol)]
    [InlineData(HttpRequestError.HttpProtocolError, NetworkStage.Protocol, NetworkStage.Protocol)]
    [InlineData(HttpRequestError.VersionNegotiationError, NetworkStage.Protocol, NetworkStage.Protocol)]
    [InlineData(HttpRequestError.Unknown, NetworkStage.Protocol, NetworkStage.Protocol)]
    public void EveryErrorHasAStage_AndWithAProxyTheWayThereIsTheProxys(HttpRequestError error, object direct, object proxied)
    {
        var exception = new HttpRequestException(error, "text that must not be read");
        Assert.Equal(direct, NetworkFaultReader.Read(exception, "host:1").Stage);
        var fault = NetworkFaultReader.Read(exception, "host:1", "http://proxy:2");
        Assert.Equal(proxied, fault.Stage);
        Assert.Contains("host:1", fault.What, StringComparison.Ordinal);
        Assert.DoesNotContain("text that must not be read", fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SocketError.ConnectionRefused, "refused the connection")]
    [InlineData(SocketError.TimedOut, "timed out")]
    [InlineData(SocketError.NetworkUnreachable, "no route")]
    [InlineData(SocketError.HostUnreachable, "no route")]
    [InlineData(SocketError.ConnectionReset, "cannot be connected to (ConnectionReset)")]
    public void WhatTheSocketSaidIsTold(SocketError error, string expected) => Assert.Contains(
        expected,
        NetworkFaultReader.Read(new HttpRequestException(HttpRequestError.ConnectionError, null, new SocketException((int)error)), "host:1").What,
        StringComparison.Ordinal);

    [Fact]
    public void TheDeepestKnownCauseWins_HoweverItIsWrapped()
    {
        var known = new NetworkFault(NetworkStage.Configuration, "the plugin failed", "mend it");
        var wrapped = new HttpRequestException(HttpRequestError.ConnectionError, "x", new IOException("y", new KnownFaultException(known)));
        Assert.Same(known, NetworkFaultReader.Read(wrapped, "host:1"));
        Assert.Equal("the plugin failed. mend it", known.ToString());

        var refused = new HttpRequestException(
            HttpRequestError.SecureConnectionError, "x", new AuthenticationException("y", new CertificateRefusedException("it is someone else's", "look again")));
        Assert.Equal((NetworkStage.Tls, "look again"), (NetworkFaultReader.Read(refused, "host:1").Stage, NetworkFaultReader.Read(refused, "host:1").Advice));
    }

    [Fact]
    public void ATimeOutIsOne_WhetherItComesAsACancellationOrInside()
    {
        foreach (var exception in new Exception[]
        {
            new OperationCanceledException(),
            new TaskCanceledException("x", new TimeoutException()),
            new HttpRequestException(HttpRequestError.ConnectionError, "x", new TimeoutException()),
        })
        {
            Assert.Equal(NetworkStage.TimedOut, NetworkFaultReader.Read(exception, "host:1").Stage);
        }
    }

    [Theory]
    [InlineData(HttpStatusCode.ProxyAuthenticationRequired, "answered 407", "user name and password")]
    [InlineData(HttpStatusCode.Forbidden, "answered 403", "NO_PROXY")]
    [InlineData(null, "did not connect", "NO_PROXY")]
    public void AProxysRefusalSaysItsStatusAndWhatHelps(HttpStatusCode? status, string what, string advice)
    {
        var fault = NetworkFaultReader.Read(new HttpRequestException(HttpRequestError.ProxyTunnelError, null, null, status), "host:1", "http://proxy:2");
        Assert.Contains(what, fault.What, StringComparison.Ordinal);
        Assert.Contains(advice, fault.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void AnythingElseIsNamedByItsTypeAndNotByItsText()
    {
        var fault = NetworkFaultReader.Read(new InvalidOperationException("super-secret"), "host:1");
        Assert.Equal(NetworkStage.Protocol, fault.Stage);
        Assert.Contains("InvalidOperationException", fault.What, StringComparison.Ordinal);
        Assert.DoesNotContain("super-secret", fault.ToString(), StringComparison.Ordinal);
    }
}
