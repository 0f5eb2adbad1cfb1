using System.Security.Cryptography.X509Certificates;
using Planton.Testing;
using Planton.Tunnel.Gateway;
using Planton.Tunnel.Protocol;
using Planton.Tunnel.Tests.Fixtures;

namespace Planton.Tunnel.Tests.Renewal;

/// <summary>A gateway tells its runners which authorities to trust.</summary>
public sealed class TrustTests : TunnelTest
{
    private readonly TestAuthority _next = new();
    private readonly TestStore _store = new();

    private X509Certificate2Collection Both => [.. Authority.TrustBundle, .. _next.TrustBundle];

    [Fact]
    public async Task ABundleWithANewAuthorityIsTakenAndKept_AndTheNextGreetingSaysSo()
    {
        var (gateway, _, tunnel) = await ConnectAsync(configureRunner: options => options.CertificateStore = _store);
        Assert.Equal((TrustBundle.Hash(Authority.TrustBundle), true), (tunnel.Greeting!.Trust, tunnel.Greeting.KeepsCertificates));

        Assert.True(await tunnel.TellTrustAsync(Both, null, Cancelled));

        Assert.Equal(TrustBundle.Hash(Both), TrustBundle.Hash(Assert.Single(_store.Kept).TrustedRoots));
        var serial = tunnel.Certificate.SerialNumber;
        await tunnel.DrainAsync(TimeSpan.Zero, Cancelled);
        var next = await gateway.TunnelAsync(tunnel);
        Assert.Equal(TrustBundle.Hash(Both), next.Greeting!.Trust);
        Assert.Equal(serial, next.Certificate.SerialNumber);
    }

    [Fact]
    public async Task ABundleThatTheRunnerHasIsNotKeptAgain()
    {
        var (_, _, tunnel) = await ConnectAsync(configureRunner: options => options.CertificateStore = _store);
        Assert.True(await tunnel.TellTrustAsync(Authority.TrustBundle, null, Cancelled));
        Assert.Empty(_store.Kept);
    }

    [Fact]
    public async Task AuthoritiesNoneOfWhichItTrustsAreNotTaken()
    {
        var (_, _, tunnel) = await ConnectAsync(configureRunner: options => options.CertificateStore = _store);
        Assert.False(await tunnel.TellTrustAsync(_next.TrustBundle, null, Cancelled));
        Assert.Empty(_store.Kept);
    }

    [Fact]
    public async Task WhatIsNoBundleOfAuthoritiesIsNotTaken()
    {
        var (_, runner, tunnel) = await ConnectAsync();
        Assert.False(await tunnel.TellTrustAsync([runner.Options.Certificate, .. Authority.TrustBundle], null, Cancelled));
        Assert.False(await tunnel.TellTrustAsync([.. Enumerable.Repeat(Authority.TrustBundle[0], 9)], null, Cancelled));
        Assert.False(await tunnel.TellTrustAsync([], null, Cancelled));
    }

    [Fact]
    public async Task TheGatewayMayAskForARenewalBeforeItIsDue()
    {
        var (gateway, _, tunnel) = await ConnectAsync();
        gateway.Admission.Renew = (_, request) => CertificateRenewal.Issued(Authority.Renew(request, TestRunner.Identity, TimeSpan.FromHours(1)));

        var serial = tunnel.Certificate.SerialNumber;
        Assert.True(await tunnel.TellTrustAsync(Authority.TrustBundle, TimeSpan.FromMilliseconds(100), Cancelled));

        var next = await gateway.TunnelAsync(tunnel);
        Assert.NotEqual(serial, next.Certificate.SerialNumber);
    }

    [Fact]
    public async Task WhatWasAskedForBeforeARenewal_IsDoneByIt()
    {
        var (gateway, runner, tunnel) = await ConnectAsync();
        var renewals = 0;
        gateway.Admission.Renew = (_, request) =>
        {
            renewals++;
            runner.Link.AskRenewal(TimeSpan.Zero);
            return CertificateRenewal.Issued(Authority.Renew(request, TestRunner.Identity, TimeSpan.FromHours(1)));
        };
        Assert.True(await tunnel.TellTrustAsync(Authority.TrustBundle, TimeSpan.Zero, Cancelled));

        await gateway.TunnelAsync(tunnel);
        await Eventually.BecomesTrueAsync(() => gateway.Registry.Count == 1, "the tunnel before is gone", cancellationToken: Cancelled);

        Assert.Equal(1, renewals);
        Assert.True(runner.Link.Renewal!.DueAt > TimeProvider.System.GetUtcNow().AddMinutes(30), $"due at {runner.Link.Renewal.DueAt:u}");
    }

    [Fact]
    public async Task AuthoritiesThatComeWithARenewal_AreSaidToo()
    {
        var (gateway, _, tunnel) = await ConnectAsync(configureRunner: options => options.CertificateStore = _store);
        Authority.Told = Both;
        gateway.Admission.Renew = (_, request) => CertificateRenewal.Issued(Authority.Renew(request, TestRunner.Identity, TimeSpan.FromHours(1)));
        Assert.True(await tunnel.TellTrustAsync(Authority.TrustBundle, TimeSpan.Zero, Cancelled));

        await gateway.TunnelAsync(tunnel);

        Assert.Equal(TrustBundle.Hash(Both), TrustBundle.Hash(Assert.Single(_store.Kept).TrustedRoots));
        Assert.Single(Logs.Records, record => record.Message.Contains("authorities have changed: 2 are trusted now", StringComparison.Ordinal));
    }

    [Fact]
    public void TheHashOfABundleDoesNotDependOnItsOrder()
    {
        Assert.Equal(TrustBundle.Hash(Both), TrustBundle.Hash([.. _next.TrustBundle, .. Authority.TrustBundle]));
        Assert.NotEqual(TrustBundle.Hash(Both), TrustBundle.Hash(Authority.TrustBundle));
        Assert.Null(new RunnerGreeting { InstanceId = "i", Version = "1", Trust = TrustBundle.Hash(Both) }.Fault());
        Assert.NotNull(new RunnerGreeting { InstanceId = "i", Version = "1", Trust = "short" }.Fault());
    }
}
