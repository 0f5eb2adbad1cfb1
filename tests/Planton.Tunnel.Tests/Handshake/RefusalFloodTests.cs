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

/// <summary>Peers that are refused and dial again and again.</summary>
public sealed class RefusalFloodTests : TunnelTest
{
    private const int Dials = 200;

    [Fact]
    public async Task ARevokedRunnerInALoop_IsAskedAboutAFewTimes_AndLoggedAFewTimes()
    {
        using var certificate = Authority.IssueRunner(TestRunner.Identity);
        var gateway = await StartGatewayAsync();
        var asked = 0;
        gateway.Admission.Decide = _ =>
        {
            Interlocked.Increment(ref asked);
            return new LinkRefusal(RefusalCode.Revoked, "revoked by ann");
        };

        for (var dial = 0; dial < Dials; dial++)
            await DialAsync(gateway, certificate);

        // Dials that overlap may be asked about once more each.
        Assert.InRange(asked, 10, 15);
        Assert.InRange(Lines(), 1, 20);
        await gateway.Gateway.StopAsync(Cancelled);
        await gateway.Gateway.DisposeAsync();
        await Logs.WaitForAsync(r => r.Message.Contains("more times within a minute", StringComparison.Ordinal), "the count of the rest", cancellationToken: Cancelled);
    }

    [Fact]
    public async Task ARefusalForNow_ShutsNobodyOut()
    {
        using var certificate = Authority.IssueRunner(TestRunner.Identity);
        var gateway = await StartGatewayAsync(options => options.MaxRefusalsOfAddress = 5);
        var asked = 0;
        gateway.Admission.Decide = _ =>
        {
            Interlocked.Increment(ref asked);
            return new LinkRefusal(RefusalCode.Unavailable, "later");
        };
        for (var dial = 0; dial < 50; dial++)
            await DialAsync(gateway, certificate);
        Assert.Equal(50, asked);
        Assert.InRange(Lines(), 1, 20);

        gateway.Admission.Decide = _ => null;
        await StartRunnerAsync(gateway.EndPoint, configure: options => options.Certificate = Authority.IssueRunner(TestRunner.Identity));
        await gateway.TunnelAsync();
    }

    [Fact]
    public async Task AnAddressWithManyRefusals_IsSlowedDown_AndAGoodRunnerFromThereGetsIn()
    {
        using var other = new TestAuthority();
        using var certificate = other.IssueRunner(TestRunner.Identity);
        var gateway = await StartGatewayAsync(options => (options.MaxRefusalsOfAddress, options.LimitedDialsPerSecond) = (5, 5));
        var began = TimeProvider.System.GetTimestamp();
        var reset = 0;
        for (var dial = 0; dial < Dials; dial++)
            reset += await DialAsync(gateway, certificate) ? 0 : 1;

        // Five that were refused, five at once after it, and five a second.
        var served = 10 + (int)(5 * TimeProvider.System.GetElapsedTime(began).TotalSeconds) + 5;
        Assert.InRange(reset, Dials - served, Dials - 10);
        Assert.InRange(Lines(), 1, 20);
        await StartRunnerAsync(gateway.EndPoint);
        await gateway.TunnelAsync();
    }

    [Fact]
    public async Task HowLongToWait_IsObeyed_AndBounded()
    {
        var gateway = await StartGatewayAsync();
        var asked = new List<long>();
        gateway.Admission.Decide = _ =>
        {
            asked.Add(TimeProvider.System.GetTimestamp());
            return asked.Count < 2 ? new LinkRefusal(RefusalCode.Busy, "full") { RetryAfter = TimeSpan.FromSeconds(1.5) } : null;
        };
        var runner = await StartRunnerAsync(gateway.EndPoint);

        await gateway.TunnelAsync();

        Assert.InRange(TimeProvider.System.GetElapsedTime(asked[0], asked[1]), TimeSpan.FromSeconds(1.4), TimeSpan.FromSeconds(10));
        await runner.StopAsync();
        gateway.Admission.Decide = _ => new LinkRefusal(RefusalCode.Busy, "full") { RetryAfter = TimeSpan.FromDays(1) };
        var patient = await StartRunnerAsync(gateway.EndPoint);
        await Eventually.BecomesTrueAsync(() => patient.Link.Status.Refusal is not null, "it is refused", cancellationToken: Cancelled);
        Assert.Equal(TimeSpan.FromMinutes(1), patient.Link.Status.Refusal!.RetryAfter);
    }

    [Fact]
    public async Task MoreTunnelsThanAnOrganizationMayHave_AreRefusedForNow_AndOthersAreLetIn()
    {
        var gateway = await StartGatewayAsync(options => options.MaxTunnelsPerOrganization = 2);
        for (var number = 0; number < 2; number++)
            await StartRunnerAsync(gateway.EndPoint, configure: options => options.Certificate = Authority.IssueRunner(IdentityOf("org-1", $"runner-{number}")));
        await Eventually.BecomesTrueAsync(() => gateway.Registry.Count == 2, "two tunnels", cancellationToken: Cancelled);
        var third = await StartRunnerAsync(gateway.EndPoint, configure: options => options.Certificate = Authority.IssueRunner(IdentityOf("org-1", "runner-3")));

        await Eventually.BecomesTrueAsync(() => third.Link.Status.Refusal?.Code == RefusalCode.Busy, "the third is refused", cancellationToken: Cancelled);

        Assert.Equal("the runners of this organization have 2 tunnels, which is the most (quota organization-tunnels)", third.Link.Status.Refusal!.Detail);
        Assert.Equal(TimeSpan.FromSeconds(15), third.Link.Status.Refusal.RetryAfter);
        Assert.Equal(DialFailure.RefusedForNow, third.Link.Status.LastFailure);
        await StartRunnerAsync(gateway.EndPoint, configure: options => options.Certificate = Authority.IssueRunner(IdentityOf("org-2", "runner-4")));
        await Eventually.BecomesTrueAsync(() => gateway.Registry.Count == 3, "a tunnel of another organization", cancellationToken: Cancelled);
        gateway.Registry.Of("runner-0")[0].Abort("the test makes room");
        await Eventually.BecomesTrueAsync(() => gateway.Registry.Count == 2 || gateway.Registry.Of("runner-0").Length > 0, "room is made", cancellationToken: Cancelled);
    }

    private static string IdentityOf(string organization, string runner) => $"spiffe://{TestAuthority.TestTrustDomain}/org/{organization}/runner/{runner}";

    private int Lines() => Logs.Records.Count(r => r.Level >= LogLevel.Information);

    /// <summary>Hangs up as soon as the gateway has said anything. False when the connection was closed before the handshake.</summary>
    private async Task<bool> DialAsync(TestGateway gateway, X509Certificate2 certificate)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(gateway.EndPoint, Cancelled);
            await using var stream = new SslStream(client.GetStream());
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(Authority.TrustBundle);
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "localhost",
                    ClientCertificates = [certificate],
                    EnabledSslProtocols = SslProtocols.Tls13,
                    ApplicationProtocols = [new SslApplicationProtocol(TunnelProtocol.Alpn)],
                    CertificateChainPolicy = policy,
                },
                Cancelled);
            try
            {
                await stream.ReadAsync(new byte[100], Cancelled).AsTask().WaitAsync(Eventually.DefaultTimeout, Cancelled);
            }
            catch (IOException)
            {
                // In TLS 1.3 the client's side of the handshake is over before the gateway has judged its certificate.
            }

            return true;
        }
        catch (Exception e) when (e is AuthenticationException or IOException or SocketException)
        {
            return false;
        }
    }
}
