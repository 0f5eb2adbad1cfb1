using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Planton.Server.CertificateAuthority;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Hosting;

/// <summary>The loopback port speaks plain HTTP and TLS, told apart by the first byte.</summary>
public sealed class OnePortTests(OnSqlite shared) : SharedServerTest(shared), IClassFixture<OnSqlite>
{
    [Fact]
    public async Task PlainHttpAndTlsAreServedOnTheSamePort()
    {
        using var plain = Server.HttpClient();
        Assert.Equal("ok\n", await plain.GetStringAsync("healthz/live", Cancellation));
        using var tls = TrustingClient(Server);
        Assert.Equal("ok\n", await tls.GetStringAsync("healthz/live", Cancellation));
    }

    [Fact]
    public async Task TlsOffersHttp2_PlainStaysWithHttp11()
    {
        using var tls = TrustingClient(Server);
        using var over2 = await tls.SendAsync(Get(Server.TlsUrl, HttpVersion.Version20), Cancellation);
        Assert.Equal(HttpVersion.Version20, over2.Version);
        using var over11 = await tls.SendAsync(Get(Server.TlsUrl, HttpVersion.Version11), Cancellation);
        Assert.Equal(HttpVersion.Version11, over11.Version);
        using var plain = Server.HttpClient();
        using var answer = await plain.GetAsync("healthz/live", Cancellation);
        Assert.Equal(HttpVersion.Version11, answer.Version);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task BothTlsVersionsInUseAreSpoken(SslProtocols protocol)
    {
        using var tcp = await Server.ConnectAsync();
        await using var tls = new SslStream(tcp.GetStream());
        await tls.AuthenticateAsClientAsync(TlsOptions(Server, protocol), Cancellation);
        Assert.Equal(protocol, tls.SslProtocol);
    }

    [Fact]
    public async Task TheFirstByteMayComeAloneAndLate()
    {
        using var tcp = await Server.ConnectAsync();
        var stream = tcp.GetStream();
        foreach (var part in new[] { "G", "ET /healthz/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" })
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(part), Cancellation);
            await stream.FlushAsync(Cancellation);
        }

        using var reader = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 200", await reader.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AKeyIsTakenOverTls()
    {
        using var tls = TrustingClient(Server);
        tls.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Server.AdminKey);
        Assert.Contains("\"admin\"", await tls.GetStringAsync("api/v1/me", Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenAClientSendsNothing_ItsConnectionIsClosedAtTheDeadline()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var server = await ServerFixture.StartAsync(configure: builder => builder.Services.AddSingleton<TimeProvider>(time));
        using var tcp = await server.ConnectAsync();
        var end = tcp.GetStream().ReadAsync(new byte[1], Cancellation).AsTask();
        await Eventually.BecomesTrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(11));
                return end.IsCompleted;
            },
            "the silent connection is closed", cancellationToken: Cancellation);
        Assert.Equal(0, await end);
    }

    [Fact]
    public async Task WhenAClientGoesAwayBeforeItsFirstByte_NothingIsLogged()
    {
        using (var tcp = await Server.ConnectAsync())
            tcp.LingerState = new System.Net.Sockets.LingerOption(true, 0);
        using var plain = Server.HttpClient();
        Assert.Equal("ok\n", await plain.GetStringAsync("healthz/live", Cancellation));
        Assert.Empty(Server.Log.Errors);
    }

    [Fact]
    public async Task WhatIsNeitherTlsNorHttp_IsRefusedAsABadRequest()
    {
        using var tcp = await Server.ConnectAsync();
        await tcp.GetStream().WriteAsync("\x01\x02\x03\r\n\r\n"u8.ToArray(), Cancellation);
        using var reader = new StreamReader(tcp.GetStream());
        Assert.StartsWith("HTTP/1.1 400", await reader.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
    }

    internal static HttpClient TrustingClient(ServerFixture server) => new(new SocketsHttpHandler
    {
        SslOptions = TlsOptions(server, SslProtocols.None),
    })
    {
        BaseAddress = server.TlsUrl,
        Timeout = TimeSpan.FromSeconds(30),
    };

    private static SslClientAuthenticationOptions TlsOptions(ServerFixture server, SslProtocols protocol)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(server.Get<CertificateAuthorityService>().TrustBundle);
        return new SslClientAuthenticationOptions
        {
            TargetHost = server.Http.Host,
            CertificateChainPolicy = policy,
            EnabledSslProtocols = protocol,
        };
    }

    private static HttpRequestMessage Get(Uri url, Version version) => new(HttpMethod.Get, new Uri(url, "healthz/live"))
    {
        Version = version,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };
}
