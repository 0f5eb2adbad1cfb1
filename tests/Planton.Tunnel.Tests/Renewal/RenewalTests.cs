using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Planton.Testing;
using Planton.Tunnel.Gateway;
using Planton.Tunnel.Links;
using Planton.Tunnel.Protocol;
using Planton.Tunnel.Runner;
using Planton.Tunnel.Tests.Fixtures;

namespace Planton.Tunnel.Tests.Renewal;

public sealed class RenewalTests : TunnelTest
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(6);

    private readonly TestStore _store = new();

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task ACertificateIsRenewedAtTwoThirdsOfItsLife_WithAKeyOfTheRunnersOwn()
    {
        var asked = new TaskCompletionSource<DateTimeOffset>(TaskCreationOptions.RunContinuationsAsynchronously);
        var issued = Now;
        var (gateway, runner, tunnel) = await ConnectAsync(configureRunner: options =>
        {
            Short(options);
            options.CertificateIssuedAt = issued;
            options.RenewalShare = new TunnelRunnerOptions { Host = "", Port = 0, Certificate = null!, TrustedRoots = [], Greeting = null! }.RenewalShare;
        });
        var (due, life) = (runner.Link.Renewal!.DueAt, runner.Link.Renewal.ExpiresAt - issued);
        var (serial, key) = (tunnel.Certificate.SerialNumber, Convert.ToHexString(tunnel.Certificate.GetPublicKey()));
        gateway.Admission.Renew = (_, request) =>
        {
            asked.TrySetResult(Now);
            return Granted(request);
        };

        var next = await gateway.TunnelAsync(tunnel);
        await Eventually.BecomesTrueAsync(() => gateway.Registry.Count == 1, "the tunnel before is gone", cancellationToken: Cancelled);

        Assert.InRange((due - issued) / life, 2.0 / 3 - 0.05, 2.0 / 3);
        Assert.InRange(await asked.Task, due, issued + life);
        Assert.NotEqual(serial, next.Certificate.SerialNumber);
        Assert.NotEqual(key, Convert.ToHexString(next.Certificate.GetPublicKey()));
        Assert.Equal(TestRunner.Identity, next.Identity.ToString());
        Assert.Equal(next.Certificate.SerialNumber, Assert.Single(_store.Kept).Certificate.SerialNumber);
        Assert.True(_store.Kept.Single().Certificate.HasPrivateKey);
        Assert.Equal((0, null), (runner.Link.Renewal!.Failures, runner.Link.Renewal.LastError));
        Assert.InRange(runner.Link.Renewal.ExpiresAt - Now, TimeSpan.FromMinutes(50), TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task WhileTheCertificateChanges_NothingIsLost_AndWhatIsUnderWayGoesOnPastTheDrainLimit()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (gateway, runner, tunnel) = await ConnectAsync(
            async context =>
            {
                if (context.Request.Path == "/slow")
                    await release.Task;
                await context.Response.WriteAsync("done");
            },
            options =>
            {
                Short(options);
                // Renewed after a second, in a life that outlasts the requests of the slowest machine.
                options.Certificate = Authority.IssueRunner(TestRunner.Identity, notBefore: Now.AddMinutes(-1), notAfter: Now.AddMinutes(2));
                (options.RenewalShare, options.RenewalJitter) = (1.0 / 120, 0);
                options.DrainTimeout = TimeSpan.FromMilliseconds(50);
            });
        gateway.Admission.Renew = (_, request) => Granted(request);
        var slow = WithLeaseAsync(gateway, "/slow");
        var sent = 0;
        while (gateway.Registry.Of(TestRunner.RunnerId) is not [_, { State: LinkState.Ready } next] || !next.TryProbe() || tunnel.State == LinkState.Ready)
        {
            Assert.Equal("done", await WithLeaseAsync(gateway, "/quick"));
            Assert.Equal(LinkState.Ready, runner.Link.Status.State);
            sent++;
        }

        // Longer than the limit of a stop, which this is none.
        for (var more = 0; more < 200; more++)
            Assert.Equal("done", await WithLeaseAsync(gateway, "/quick"));
        Assert.False(slow.IsCompleted);
        Assert.Equal(2, gateway.Registry.Count);
        release.SetResult();
        Assert.Equal("done", await slow);
        await Eventually.BecomesTrueAsync(() => gateway.Registry.Count == 1, "the tunnel before has ended", cancellationToken: Cancelled);
        Assert.NotEqual(0, sent);
    }

    [Fact]
    public async Task ARefusedRenewalIsTriedAgain_AndTheTunnelStays()
    {
        var attempts = 0;
        var (gateway, runner, tunnel) = await ConnectAsync(configureRunner: Short);
        gateway.Admission.Renew = (_, request) =>
            Interlocked.Increment(ref attempts) < 3 ? CertificateRenewal.Refused(RenewalCode.Busy, "too many of you") : Granted(request);

        var warning = await Logs.WaitForAsync(
            record => record.Message.Contains("is not renewed", StringComparison.Ordinal), "that it is not renewed", cancellationToken: Cancelled);
        Assert.Equal(LogLevel.Warning, warning.Level);
        Assert.Contains("too many of you (busy)", warning.Message, StringComparison.Ordinal);
        Assert.Equal("too many of you (busy)", runner.Link.Renewal!.LastError);
        Assert.Equal(LinkState.Ready, tunnel.State);
        await gateway.TunnelAsync(tunnel);
        Assert.Equal(3, attempts);
    }

    [Fact]
    public async Task AGatewayThatRenewsNothing_KeepsItsTunnel()
    {
        var (_, runner, tunnel) = await ConnectAsync(configureRunner: Short);
        await Eventually.BecomesTrueAsync(() => runner.Link.Renewal?.Failures > 1, "it is refused and tried again", cancellationToken: Cancelled);
        Assert.Contains("unsupported", runner.Link.Renewal!.LastError, StringComparison.Ordinal);
        Assert.Equal("GET /x", await tunnel.GetStringAsync("/x"));
    }

    [Theory]
    [InlineData("identity", "another identity")]
    [InlineData("key", "another key")]
    [InlineData("authority", "none of which this runner trusts")]
    [InlineData("ended", "has ended already")]
    public async Task WhatTheRunnerDidNotAskForIsNotTaken(string fault, string reason)
    {
        using var stranger = new TestAuthority();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var foreign = new CertificateRequest("CN=x", other, HashAlgorithmName.SHA256).CreateSigningRequest();
        var (gateway, runner, tunnel) = await ConnectAsync(configureRunner: Short);
        // The runner believes this gateway by one authority, and is then told of another alone.
        Authority.Told = fault == "authority" ? stranger.TrustBundle : null;
        gateway.Admission.Renew = (_, request) => CertificateRenewal.Issued(fault switch
        {
            "identity" => Authority.Renew(request, TestRunner.Identity + "x", TimeSpan.FromHours(1)),
            "key" => Authority.Renew(foreign, TestRunner.Identity, TimeSpan.FromHours(1)),
            "ended" => Authority.Renew(request, TestRunner.Identity, TimeSpan.FromSeconds(-10)),
            _ => Authority.Renew(request, TestRunner.Identity, TimeSpan.FromHours(1)),
        });

        await Eventually.BecomesTrueAsync(() => runner.Link.Renewal?.LastError is not null, "it is refused", cancellationToken: Cancelled);

        Assert.Contains(reason, runner.Link.Renewal!.LastError, StringComparison.Ordinal);
        Assert.Empty(_store.Kept);
        Assert.Equal(LinkState.Ready, tunnel.State);
    }

    [Fact]
    public async Task ACertificateThatIsDueAtTheStart_IsRenewedOverTheFirstLink_AndNotTriedBefore()
    {
        var gateway = await StartGatewayAsync();
        gateway.Admission.Renew = (_, request) => Granted(request);
        var serial = "";
        var runner = await StartRunnerAsync(gateway.EndPoint, configure: options =>
        {
            Short(options);
            options.CertificateIssuedAt = Now.AddDays(-1);
            // A failed attempt would cost this much.
            options.RenewalRetryFirst = TimeSpan.FromMinutes(1);
            serial = options.Certificate.SerialNumber;
        });

        await Eventually.BecomesTrueAsync(
            () => gateway.Registry.Of(TestRunner.RunnerId).Any(t => t.Certificate.SerialNumber != serial), "a tunnel with the next certificate", cancellationToken: Cancelled);

        Assert.Equal((0, null), (runner.Link.Renewal!.Failures, runner.Link.Renewal.LastError));
        Assert.DoesNotContain(Logs.Records, record => record.Message.Contains("is not renewed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhatCannotBeKeptIsUsedAllTheSame_WithAWarning()
    {
        _store.Fails = true;
        var (gateway, _, tunnel) = await ConnectAsync(configureRunner: Short);
        gateway.Admission.Renew = (_, request) => Granted(request);

        await gateway.TunnelAsync(tunnel);

        await Logs.WaitForAsync(
            record => record.Message.Contains("no space left", StringComparison.Ordinal) && record.Level == LogLevel.Warning, "why it is not kept",
            cancellationToken: Cancelled);
    }

    private static async Task<string> WithLeaseAsync(TestGateway gateway, string path)
    {
        using var lease = gateway.Registry.TryBeginOperation(TestRunner.RunnerId);
        Assert.NotNull(lease);
        return await lease.Tunnel.GetStringAsync(path);
    }

    private CertificateRenewal Granted(ReadOnlyMemory<byte> request) =>
        CertificateRenewal.Issued(Authority.Renew(request, TestRunner.Identity, TimeSpan.FromHours(1)));

    private void Short(TunnelRunnerOptions options)
    {
        var now = Now;
        options.Certificate = Authority.IssueRunner(TestRunner.Identity, notBefore: now.AddMinutes(-1), notAfter: now + Life);
        options.CertificateIssuedAt = now;
        options.CertificateStore = _store;
        // Early in a life that is long enough for the rest of the test.
        options.RenewalShare = 0.2;
        options.RenewalRetryFirst = TimeSpan.FromMilliseconds(50);
    }
}
