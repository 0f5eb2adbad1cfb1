using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Planton.Testing;
using Planton.Tunnel.Protocol;
using Planton.Tunnel.Runner;
using Planton.Tunnel.Tests.Fixtures;

namespace Planton.Tunnel.Tests.Handshake;

public sealed class RefusalTests : TunnelTest
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task NoCertificate_IsRefusedInTheHandshake()
    {
        var gateway = await StartGatewayAsync();

        await DialRawAsync(gateway, certificate: null);

        await RefusedAsync(gateway, "showed no certificate");
    }

    [Fact]
    public async Task ACertificateOfAnotherAuthority_IsRefusedInTheHandshake()
    {
        using var other = new TestAuthority();
        using var certificate = other.IssueRunner(TestRunner.Identity);
        var gateway = await StartGatewayAsync();

        await DialRawAsync(gateway, certificate);

        await RefusedAsync(gateway, "not from our authority");
    }

    [Fact]
    public async Task ACertificateForServers_IsRefusedInTheHandshake()
    {
        using var certificate = Authority.IssueRunner(TestRunner.Identity, usage: "1.3.6.1.5.5.7.3.1");
        var gateway = await StartGatewayAsync();

        await DialRawAsync(gateway, certificate);

        await RefusedAsync(gateway, "not from our authority or not for this use (NotValidForUsage)");
    }

    [Theory]
    [InlineData("spiffe://test.planton/org/o/server/r")]
    [InlineData("spiffe://test.planton/org/o/runner/r/more")]
    [InlineData("https://test.planton/org/o/runner/r")]
    public async Task AWrongIdentityPath_IsRefusedInTheHandshake(string identity)
    {
        using var certificate = Authority.IssueRunner(identity);
        var gateway = await StartGatewayAsync();

        await DialRawAsync(gateway, certificate);

        await RefusedAsync(gateway, "no runner's identity");
    }

    [Fact]
    public async Task AnotherTrustDomain_IsRefusedInTheHandshake()
    {
        using var certificate = Authority.IssueRunner("spiffe://elsewhere/org/o/runner/r");
        var gateway = await StartGatewayAsync();

        await DialRawAsync(gateway, certificate);

        await RefusedAsync(gateway, "another trust domain (elsewhere)");
    }

    [Fact]
    public async Task Tls12_IsRefused()
    {
        using var certificate = Authority.IssueRunner(TestRunner.Identity);
        var gateway = await StartGatewayAsync();

        await DialRawAsync(gateway, certificate, SslProtocols.Tls12);

        await RefusedAsync(gateway, "no common TLS 1.3 parameters");
    }

    [Fact]
    public async Task AnotherApplicationProtocol_IsRefused()
    {
        using var certificate = Authority.IssueRunner(TestRunner.Identity);
        var gateway = await StartGatewayAsync();

        await DialRawAsync(gateway, certificate, protocols: [SslApplicationProtocol.Http2]);

        await RefusedAsync(gateway, "refused in the handshake");
    }

    [Fact]
    public async Task NoApplicationProtocolAtAll_IsRefused_ThoughTheHandshakeItselfPasses()
    {
        using var certificate = Authority.IssueRunner(TestRunner.Identity);
        var gateway = await StartGatewayAsync();

        await DialRawAsync(gateway, certificate, protocols: []);

        await RefusedAsync(gateway, "did not ask for planton-tunnel/1");
    }

    [Fact]
    public async Task AnExpiredCertificate_IsRefused_AndTheRunnerIsToldWhy()
    {
        var gateway = await StartGatewayAsync();
        var runner = await StartRunnerAsync(gateway.EndPoint, configure: options =>
            options.Certificate = Authority.IssueRunner(TestRunner.Identity, notBefore: Now.AddDays(-2), notAfter: Now.AddDays(-1)));

        var refusal = await runner.Link.Refused.WaitAsync(Eventually.DefaultTimeout, Cancelled);

        Assert.Equal(RefusalCode.Expired, refusal.Code);
        await RefusedAsync(gateway, "refused (expired)");
    }

    [Fact]
    public async Task ACertificateOfTheFuture_IsRefused_AndTheRunnerIsToldWhy()
    {
        var gateway = await StartGatewayAsync();
        var runner = await StartRunnerAsync(gateway.EndPoint, configure: options =>
            options.Certificate = Authority.IssueRunner(TestRunner.Identity, notBefore: Now.AddHours(1)));

        var refusal = await runner.Link.Refused.WaitAsync(Eventually.DefaultTimeout, Cancelled);

        Assert.Equal(RefusalCode.NotYetValid, refusal.Code);
        await RefusedAsync(gateway, "refused (not_yet_valid)");
    }

    [Fact]
    public async Task ARunnerThatIsNotRegistered_IsToldSo_AndDoesNotDialAgain()
    {
        var gateway = await StartGatewayAsync();
        var asked = 0;
        gateway.Admission.Decide = _ =>
        {
            Interlocked.Increment(ref asked);
            return new LinkRefusal(RefusalCode.Unknown, "not registered: käse");
        };
        var runner = await StartRunnerAsync(gateway.EndPoint);

        var status = await runner.Link.WaitForStartAsync(Cancelled).WaitAsync(Eventually.DefaultTimeout, Cancelled);

        Assert.Equal(new LinkRefusal(RefusalCode.Unknown, "not registered: käse"), status.Refusal);
        Assert.True(runner.Link.Refused.IsCompletedSuccessfully);
        await RefusedAsync(gateway, "refused (unknown_runner)");
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task ARefusalForNow_IsNotFinal_TheRunnerComesBack()
    {
        var gateway = await StartGatewayAsync();
        var asked = 0;
        gateway.Admission.Decide = _ => Interlocked.Increment(ref asked) < 3 ? new LinkRefusal(RefusalCode.Unavailable, "later") : null;
        var runner = await StartRunnerAsync(gateway.EndPoint);

        await gateway.TunnelAsync();

        Assert.False(runner.Link.Refused.IsCompleted);
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task WhenTheLookUpFails_TheRunnerIsRefusedForNow()
    {
        Logs.ExpectError("Planton.Tunnel", "could not be looked up");
        var gateway = await StartGatewayAsync();
        var asked = 0;
        gateway.Admission.Decide = _ => Interlocked.Increment(ref asked) < 2 ? throw new InvalidOperationException("database away") : null;
        await StartRunnerAsync(gateway.EndPoint);

        await gateway.TunnelAsync();

        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task ACredentialRevokedInUse_CutsTheTunnel_AndTheRunnerIsToldWhy()
    {
        var (_, runner, tunnel) = await ConnectAsync();

        await tunnel.RefuseAsync(new LinkRefusal(RefusalCode.Revoked, "revoked by ann"), Cancelled);

        var refusal = await runner.Link.Refused.WaitAsync(Eventually.DefaultTimeout, Cancelled);
        Assert.Equal("revoked by ann", refusal.Detail);
        Assert.True(tunnel.Closed.IsCancellationRequested);
    }

    [Fact]
    public async Task ARefusedRunner_BacksOff_ThoughItsHandshakesSucceed()
    {
        using var other = new TestAuthority();
        var gateway = await StartGatewayAsync();
        var runner = await StartRunnerAsync(gateway.EndPoint, configure: options =>
        {
            // In TLS 1.3 the runner's side of the handshake is over before the gateway has judged its certificate.
            options.Certificate = other.IssueRunner(TestRunner.Identity);
            options.BackoffFirst = TimeSpan.FromSeconds(1);
            options.BackoffCap = TimeSpan.FromMinutes(1);
        });

        await Eventually.BecomesTrueAsync(
            () => runner.Link.Status is { LastFailure: DialFailure.ClosedBeforeGreeting, Attempts: >= 3 }, "three dials that were refused", cancellationToken: Cancelled);

        Assert.InRange(Refusals(), 2, 4);
        Assert.Contains("did not accept this runner's certificate", runner.Link.Status.LastError, StringComparison.Ordinal);

        int Refusals() => Logs.Records.Count(r => r.Message.Contains("refused in the handshake", StringComparison.Ordinal));
    }

    private async Task RefusedAsync(TestGateway gateway, string reason)
    {
        await Logs.WaitForAsync(
            r => r.Level == LogLevel.Warning && r.Message.Contains("refused", StringComparison.Ordinal) && r.Message.Contains(reason, StringComparison.Ordinal),
            $"refused … {reason}", cancellationToken: Cancelled);
        Assert.Empty(gateway.Registry.All);
        Assert.Empty(gateway.Admission.Ready);
    }

    /// <summary>A client of the test's own: shakes hands as far as it gets, and reads until the gateway closes.</summary>
    private async Task DialRawAsync(
        TestGateway gateway, X509Certificate2? certificate, SslProtocols version = SslProtocols.Tls13, List<SslApplicationProtocol>? protocols = null)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(gateway.EndPoint, Cancelled);
        await using var stream = new SslStream(client.GetStream());
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(Authority.TrustBundle);
        try
        {
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "localhost",
                    ClientCertificates = certificate is null ? null : [certificate],
                    EnabledSslProtocols = version,
                    ApplicationProtocols = protocols ?? [new SslApplicationProtocol(TunnelProtocol.Alpn)],
                    CertificateChainPolicy = policy,
                },
                Cancelled);
            Assert.Equal(0, await stream.ReadAsync(new byte[100], Cancelled).AsTask().WaitAsync(Eventually.DefaultTimeout, Cancelled));
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            // Refused during the handshake: as good.
        }
    }
}
