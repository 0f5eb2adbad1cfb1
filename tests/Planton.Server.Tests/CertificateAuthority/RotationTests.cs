using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Planton.Server.Audit;
using Planton.Server.Hosting;
using Planton.Server.Tests.Fixture;
using Planton.Tunnel.Links;
using Planton.Tunnel.Protocol;
using Planton.Tunnel.Runner;

namespace Planton.Server.Tests.CertificateAuthority;

public abstract class RotationTests(DatabaseKind database) : RotationTest(database, TimeSpan.FromSeconds(1))
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
        var made = (await Admin.GenerateCredentialsAsync(Org, "new", Cancellation)).Credentials;
        using var certificate = made.Certificate();
        Assert.True(certificate.IsIssuedBy(Authority.TrustBundle[1], "1.3.6.1.5.5.7.3.2", TimeProvider.System.GetUtcNow()));
        Assert.False(certificate.IsIssuedBy(old, "1.3.6.1.5.5.7.3.2", TimeProvider.System.GetUtcNow()));
        var told = new X509Certificate2Collection();
        told.ImportFromPem(made.Tunnel!.CaCertificates);
        Assert.Equal(TrustBundle.Hash(Authority.TrustBundle), TrustBundle.Hash(told));
        Assert.Equal(before, Authority.ServerCertificate.SerialNumber);
        var runner = await ConnectAsync(credentials: made);

        Assert.Equal((ServerExit.Ok, ""), await RetireAsync());

        await Eventually.BecomesTrueAsync(
            () => before != Authority.ServerCertificate.SerialNumber, "the server has another certificate", cancellationToken: Cancellation);
        Assert.True(Authority.ServerCertificate.IsIssuedBy(Authority.TrustBundle[0], "1.3.6.1.5.5.7.3.1", TimeProvider.System.GetUtcNow()));
        Assert.Equal(rows[1].Id, Assert.Single(Authority.Authorities.All).Id);
        Assert.Equal(LinkState.Ready, (await TunnelOfAsync(runner)).State);
        var again = await ConnectAsync(credentials: made);
        Assert.Equal(LinkState.Ready, again.Link.Status.State);
        Assert.Equal(["retired", "issuing"], (await ListAsync()).Select(row => row.State));
        Assert.Equal(0, await Server.QueryAsync(async context =>
            (await context.CertificateAuthorities.SingleAsync(stored => stored.RetiredAt != null, Cancellation)).SealedKey.Length));
        Assert.Equal(
            [AuditAction.RotateAuthority, AuditAction.RetireAuthority],
            await Server.QueryAsync(context => context.AuditRecords.Where(record => record.Resource.StartsWith("platform/authority/"))
                .OrderBy(record => record.Sequence).Select(record => record.Action).ToListAsync(Cancellation)));
        Assert.True((await Admin.VerifyAuditAsync(Cancellation)).Ok);
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

        await Eventually.BecomesTrueAsync(
            async () => (await RetireAsync()).Exit == ServerExit.Ok, "the use of the new certificate is known", cancellationToken: Cancellation);

        await Eventually.BecomesTrueAsync(() => store.Latest!.TrustedRoots.Count == 1, "the runner is told", cancellationToken: Cancellation);
        await runner.DisposeAsync();
        var again = await ConnectAsync(credentials: runner.Credentials, configure: store.Resume);
        Assert.Equal(LinkState.Ready, again.Link.Status.State);
    }

    [Fact]
    public async Task ARunnerThatWasAwayDuringTheRotation_IsToldWhenItComesBack()
    {
        var store = new KeptCertificates();
        var made = (await Admin.GenerateCredentialsAsync(Org, "prod", Cancellation)).Credentials;
        await RotateAsync();

        var runner = await ConnectAsync(credentials: made, configure: store.Resume);

        await Eventually.BecomesTrueAsync(
            () => store.Latest is { } kept && kept.Certificate.IsIssuedBy(Authority.TrustBundle[1], "1.3.6.1.5.5.7.3.2", TimeProvider.System.GetUtcNow()),
            "it has renewed",
            cancellationToken: Cancellation);
        Assert.Equal(LinkState.Ready, runner.Link.Status.State);
    }

    [Fact]
    public async Task RetiringIsRefused_NamingTheCredentialsThatWouldBeStranded_UnlessItIsForced()
    {
        var away = (await Admin.GenerateCredentialsAsync(Org, "away", Cancellation)).Credentials;
        var platform = (await Admin.GenerateCredentialsAsync(null, "shared", Cancellation)).Credentials;
        var revoked = (await Admin.GenerateCredentialsAsync(Org, "gone", Cancellation)).Credentials;
        await Admin.RevokeCredentialAsync(Org, "gone", revoked.Metadata!.Id!, Cancellation);
        // It renews, and forgets that when it ends: there is no state folder.
        var forgetful = await ConnectAsync("forgetful");
        var first = await TunnelOfAsync(forgetful);
        var rows = await RotateAsync();
        await TunnelOfAsync(forgetful, first);
        var only = (await Admin.GenerateCredentialsAsync(Org, "new", Cancellation)).Credentials;

        var (exit, errors) = await RetireAsync(rows[0].Id);

        Assert.Equal(ServerExit.Failed, exit);
        Assert.Contains($"{away.Metadata!.Id} of runner away (--org {Org})", errors, StringComparison.Ordinal);
        Assert.Contains($"{platform.Metadata!.Id} of runner shared (--platform)", errors, StringComparison.Ordinal);
        Assert.Contains($"{forgetful.Credentials.Metadata!.Id} of runner forgetful", errors, StringComparison.Ordinal);
        Assert.DoesNotContain(revoked.Metadata.Id!, errors, StringComparison.Ordinal);
        Assert.DoesNotContain(only.Metadata!.Id!, errors, StringComparison.Ordinal);
        Assert.Equal(3, (await ListAsync())[0].NeededBy);
        Assert.Equal(2, Authority.Authorities.All.Count);

        Assert.Equal((ServerExit.Ok, ""), await RetireAsync(force: true));

        var record = await Server.QueryAsync(context => context.AuditRecords.SingleAsync(r => r.Action == AuditAction.RetireAuthority, Cancellation));
        Assert.Equal("forced: 3 credential(s) cannot connect any more", record.Detail);
        await Eventually.BecomesTrueAsync(() => Authority.Authorities.All.Count == 1, "the server has noticed", cancellationToken: Cancellation);
        await using var stranded = await ConnectedRunner.StartAsync(away, _ => Task.CompletedTask);
        await Eventually.BecomesTrueAsync(
            () => stranded.Link.Status.LastFailure == DialFailure.Tls, "it cannot connect", cancellationToken: Cancellation);
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

public sealed class RotationTestsOnSqlite() : RotationTests(DatabaseKind.Sqlite);

public sealed class RotationTestsOnPostgreSql() : RotationTests(DatabaseKind.PostgreSql);
