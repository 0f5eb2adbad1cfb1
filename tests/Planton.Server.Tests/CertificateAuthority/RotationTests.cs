using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Planton.Server.Audit;
using Planton.Server.Hosting;
using Planton.Server.Tests.Fixture;
using Planton.Tunnel.Links;
using Planton.Tunnel.Protocol;
using Planton.Tunnel.Runner;

namespace Planton.Server.Tests.CertificateAuthority;

public sealed class RotationTests : RotationTest
{
    [Fact]
    public async Task NewCertificatesComeFromTheNewAuthority_AndTheServersOwnStaysWithTheOldUntilThatIsRetired()
    {
        var before = Authority.ServerCertificate.SerialNumber;
        var old = Authority.TrustBundle[0];

        var rows = await RotateAsync();

        Assert.Equal(["trusted", "issuing"], rows.Select(row => row.State));
        Assert.Equal([true, false], rows.Select(row => row.OfServer));
        Assert.NotEqual(rows[0].Subject, rows[1].Subject);
        var made = (await Server.Admin.GenerateCredentialsAsync("default", "new", Cancelled)).Credentials;
        using var certificate = made.Certificate();
        Assert.True(certificate.IsIssuedBy(Authority.TrustBundle[1], "1.3.6.1.5.5.7.3.2", TimeProvider.System.GetUtcNow()));
        Assert.False(certificate.IsIssuedBy(old, "1.3.6.1.5.5.7.3.2", TimeProvider.System.GetUtcNow()));
        var told = new X509Certificate2Collection();
        told.ImportFromPem(made.Tunnel!.CaCertificates);
        Assert.Equal(TrustBundle.Hash(Authority.TrustBundle), TrustBundle.Hash(told));
        Assert.Equal(before, Authority.ServerCertificate.SerialNumber);
        var runner = await ConnectAsync(credentials: made);

        Assert.Equal((ServerExit.Ok, ""), await RetireAsync());

        await Expect.EventuallyAsync("the server has another certificate", () => Task.FromResult(before != Authority.ServerCertificate.SerialNumber));
        Assert.True(Authority.ServerCertificate.IsIssuedBy(Authority.TrustBundle[0], "1.3.6.1.5.5.7.3.1", TimeProvider.System.GetUtcNow()));
        Assert.Equal(rows[1].Id, Assert.Single(Authority.Authorities.All).Id);
        Assert.Equal(LinkState.Ready, (await TunnelOfAsync(runner)).State);
        var again = await ConnectAsync(credentials: made);
        Assert.Equal(LinkState.Ready, again.Link.Status.State);
        Assert.Equal(["retired", "issuing"], (await ListAsync()).Select(row => row.State));
        Assert.Equal(0, await Server.QueryAsync(async context =>
            (await context.CertificateAuthorities.SingleAsync(stored => stored.RetiredAt != null, Cancelled)).SealedKey.Length));
        Assert.Equal(
            [AuditAction.RotateAuthority, AuditAction.RetireAuthority],
            await Server.QueryAsync(context => context.AuditRecords.Where(record => record.Resource.StartsWith("platform/authority/"))
                .OrderBy(record => record.Sequence).Select(record => record.Action).ToListAsync(Cancelled)));
        Assert.True((await Server.Admin.VerifyAuditAsync(Cancelled)).Ok);
    }

    [Fact]
    public async Task AConnectedRunnerIsTold_Renews_AndConnectsAfterTheOldAuthorityIsRetired()
    {
        var store = new KeptCertificates();
        var runner = await ConnectAsync(configure: store.Resume);
        var first = await TunnelOfAsync(runner);
        await RotateAsync();
        await TunnelOfAsync(runner, first);
        Assert.Equal(TrustBundle.Hash(Authority.TrustBundle), TrustBundle.Hash(store.Latest!.TrustedRoots));

        await Expect.EventuallyAsync("the use of the new certificate is known", async () => (await RetireAsync()).Exit == ServerExit.Ok);

        await Expect.EventuallyAsync("the runner is told", () => Task.FromResult(store.Latest!.TrustedRoots.Count == 1));
        await runner.DisposeAsync();
        var again = await ConnectAsync(credentials: runner.Credentials, configure: store.Resume);
        Assert.Equal(LinkState.Ready, again.Link.Status.State);
    }

    [Fact]
    public async Task ARunnerThatWasAwayDuringTheRotation_IsToldWhenItComesBack()
    {
        var store = new KeptCertificates();
        var made = (await Server.Admin.GenerateCredentialsAsync("default", "prod", Cancelled)).Credentials;
        await RotateAsync();

        var runner = await ConnectAsync(credentials: made, configure: store.Resume);

        await Expect.EventuallyAsync("it has renewed", () => Task.FromResult(
            store.Latest is { } kept && kept.Certificate.IsIssuedBy(Authority.TrustBundle[1], "1.3.6.1.5.5.7.3.2", TimeProvider.System.GetUtcNow())));
        Assert.Equal(LinkState.Ready, runner.Link.Status.State);
    }

    [Fact]
    public async Task RetiringIsRefused_NamingTheCredentialsThatWouldBeStranded_UnlessItIsForced()
    {
        var away = (await Server.Admin.GenerateCredentialsAsync("default", "away", Cancelled)).Credentials;
        var platform = (await Server.Admin.GenerateCredentialsAsync(null, "shared", Cancelled)).Credentials;
        var revoked = (await Server.Admin.GenerateCredentialsAsync("default", "gone", Cancelled)).Credentials;
        await Server.Admin.RevokeCredentialAsync("default", "gone", revoked.Metadata!.Id!, Cancelled);
        // It renews, and forgets that when it ends: there is no state folder.
        var forgetful = await ConnectAsync("forgetful");
        var first = await TunnelOfAsync(forgetful);
        var rows = await RotateAsync();
        await TunnelOfAsync(forgetful, first);
        var only = (await Server.Admin.GenerateCredentialsAsync("default", "new", Cancelled)).Credentials;

        var (exit, errors) = await RetireAsync(rows[0].Id);

        Assert.Equal(ServerExit.Failed, exit);
        Assert.Contains($"{away.Metadata!.Id} of runner away (--org default)", errors, StringComparison.Ordinal);
        Assert.Contains($"{platform.Metadata!.Id} of runner shared (--platform)", errors, StringComparison.Ordinal);
        Assert.Contains($"{forgetful.Credentials.Metadata!.Id} of runner forgetful", errors, StringComparison.Ordinal);
        Assert.DoesNotContain(revoked.Metadata.Id!, errors, StringComparison.Ordinal);
        Assert.DoesNotContain(only.Metadata!.Id!, errors, StringComparison.Ordinal);
        Assert.Equal(3, (await ListAsync())[0].NeededBy);
        Assert.Equal(2, Authority.Authorities.All.Count);

        Assert.Equal((ServerExit.Ok, ""), await RetireAsync(force: true));

        var record = await Server.QueryAsync(context => context.AuditRecords.SingleAsync(r => r.Action == AuditAction.RetireAuthority, Cancelled));
        Assert.Equal("forced: 3 credential(s) cannot connect any more", record.Detail);
        await Expect.EventuallyAsync("the server has noticed", () => Task.FromResult(Authority.Authorities.All.Count == 1));
        await using var stranded = await ConnectedRunner.StartAsync(away, _ => Task.CompletedTask);
        await Expect.EventuallyAsync("it cannot connect", () => Task.FromResult(stranded.Link.Status.LastFailure == DialFailure.Tls));
    }

    [Fact]
    public async Task WhatCannotBeRetiredIsSaid()
    {
        var only = await Assert.ThrowsAsync<StartupException>(() => RetireAsync());
        Assert.Contains("ca rotate", only.Message, StringComparison.Ordinal);
        var rows = await RotateAsync();
        Assert.Contains("come from it", (await Assert.ThrowsAsync<StartupException>(() => RetireAsync(rows[1].Id))).Message, StringComparison.Ordinal);
        Assert.Contains("ca list", (await Assert.ThrowsAsync<StartupException>(() => RetireAsync("nope"))).Message, StringComparison.Ordinal);
        for (var more = 2; more < TrustBundle.MaxAuthorities; more++)
            await RotateAsync();
        Assert.Contains("retire the oldest", (await Assert.ThrowsAsync<StartupException>(RotateAsync)).Message, StringComparison.Ordinal);
    }
}
