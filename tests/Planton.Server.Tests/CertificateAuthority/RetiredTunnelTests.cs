using Microsoft.AspNetCore.Http;
using Planton.Server.Gateway;
using Planton.Server.Hosting;
using Planton.Server.Tests.Fixture;
using Planton.Tunnel.Gateway;
using Planton.Tunnel.Links;
using Planton.Tunnel.Protocol;
using Planton.Tunnel.Runner;

namespace Planton.Server.Tests.CertificateAuthority;

/// <summary>
/// Open tunnels whose authority is retired before their runners have renewed. The spread of the renewals is so long that no runner
/// renews meanwhile. No storage is involved: one database is enough.
/// </summary>
public sealed class RetiredTunnelTests() : RotationTest(DatabaseKind.Sqlite, TimeSpan.FromDays(30))
{
    [Fact]
    public async Task ARunnerThatHasNotRenewed_LosesItsTunnel_AndIsNotLetInAgain()
    {
        var old = await ConnectAsync("old");
        var tunnel = await TunnelOfAsync(old);
        await RotateAsync();
        var current = await ConnectAsync("current");
        var kept = await TunnelOfAsync(current);

        Assert.Equal((ServerExit.Ok, ""), await RetireAsync(force: true));

        await Eventually.BecomesTrueAsync(() => tunnel.State == LinkState.Closed, "its tunnel is closed", cancellationToken: Cancellation);
        await Eventually.BecomesTrueAsync(() => old.Link.Status.LastFailure == DialFailure.ClosedBeforeGreeting, "it cannot connect", cancellationToken: Cancellation);
        Assert.Empty(Server.Get<TunnelRegistry>().Of(old.Credentials.Metadata!.RunnerId!));
        Assert.Equal(LinkState.Ready, kept.State);
    }

    [Fact]
    public async Task WhatRunsInTheTunnelMayEnd()
    {
        var begun = new TaskCompletionSource();
        var end = new TaskCompletionSource();
        await using var runner = await ConnectedRunner.StartAsync(
            Server,
            "old",
            async context =>
            {
                begun.SetResult();
                await end.Task;
                await context.Response.WriteAsync("whole", Cancellation);
            },
            Org);
        await Admin.CreateConnectionAsync(Org, new() { Name = "c", Kind = "kubernetes", Runner = "old" }, Cancellation);
        var tunnel = await TunnelOfAsync(runner);
        await RotateAsync();
        var answer = Server.HttpClient(Server.AdminKey).GetStringAsync(new Uri($"{Server.Url}kubernetes/{Org}/c/slow"), Cancellation);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);

        await RetireAsync(force: true);
        await Eventually.BecomesTrueAsync(() => tunnel.State == LinkState.Draining, "it takes nothing new", cancellationToken: Cancellation);
        end.SetResult();

        Assert.Equal("whole", await answer);
        await Eventually.BecomesTrueAsync(() => tunnel.State == LinkState.Closed, "its tunnel is closed", cancellationToken: Cancellation);
    }

    // The handshake may have accepted it a moment before, or on a server that has not read the change yet.
    [Fact]
    public async Task ACertificateOfARetiredAuthorityIsNotAdmitted()
    {
        var credentials = (await Admin.GenerateCredentialsAsync(Org, "old", Cancellation)).Credentials;
        using var certificate = credentials.Certificate();
        var identity = Tunnel.Identity.CertificateIdentity.Read(certificate)!;
        var candidate = new TunnelCandidate("t1", identity, certificate, null);
        var admission = Server.Get<ITunnelAdmission>();
        Assert.Null(await admission.AdmitAsync(candidate, Cancellation));
        await RotateAsync();
        await RetireAsync(force: true);

        var refusal = await admission.AdmitAsync(candidate, Cancellation);

        Assert.Equal(RefusalCode.Revoked, refusal!.Code);
        Assert.Same(RunnerRefusals.AuthorityRetired, refusal);
    }
}
