using Microsoft.AspNetCore.Http;
using Planton.Server.CertificateAuthority;
using Planton.Server.Gateway;
using Planton.Server.Hosting;
using Planton.Server.Tests.Fixture;
using Planton.Tunnel.Gateway;
using Planton.Tunnel.Links;
using Planton.Tunnel.Protocol;
using Planton.Tunnel.Runner;

namespace Planton.Server.Tests.CertificateAuthority;

/// <summary>Open tunnels whose authority is retired before their runners have renewed.</summary>
public sealed class RetiredTunnelTests : RotationTest
{
    // So long that no runner renews meanwhile.
    private protected override CertificateOptions Certificates { get; } =
        new() { AuthorityInterval = TimeSpan.FromMilliseconds(100), RotationSpread = TimeSpan.FromDays(30) };

    [Fact]
    public async Task ARunnerThatHasNotRenewed_LosesItsTunnel_AndIsNotLetInAgain()
    {
        var old = await ConnectAsync("old");
        var tunnel = await TunnelOfAsync(old);
        await RotateAsync();
        var current = await ConnectAsync("current");
        var kept = await TunnelOfAsync(current);

        Assert.Equal((ServerExit.Ok, ""), await RetireAsync(force: true));

        await Expect.EventuallyAsync("its tunnel is closed", () => Task.FromResult(tunnel.State == LinkState.Closed));
        await Expect.EventuallyAsync("it cannot connect", () => Task.FromResult(old.Link.Status.LastFailure == DialFailure.ClosedBeforeGreeting));
        Assert.Empty(Server.Get<TunnelRegistry>().Of(old.Credentials.Metadata!.RunnerId!));
        Assert.Equal(LinkState.Ready, kept.State);
    }

    [Fact]
    public async Task WhatRunsInTheTunnelMayEnd()
    {
        var begun = new TaskCompletionSource();
        var end = new TaskCompletionSource();
        await using var runner = await ConnectedRunner.StartAsync(Server, "old", async context =>
        {
            begun.SetResult();
            await end.Task;
            await context.Response.WriteAsync("whole", Cancelled);
        });
        await Server.Admin.CreateConnectionAsync("default", new() { Name = "c", Kind = "kubernetes", Runner = "old" }, Cancelled);
        var tunnel = await TunnelOfAsync(runner);
        await RotateAsync();
        var answer = Server.HttpClient(Server.AdminKey).GetStringAsync(new Uri($"{Server.Url}kubernetes/default/c/slow"), Cancelled);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancelled);

        await RetireAsync(force: true);
        await Expect.EventuallyAsync("it takes nothing new", () => Task.FromResult(tunnel.State == LinkState.Draining));
        end.SetResult();

        Assert.Equal("whole", await answer);
        await Expect.EventuallyAsync("its tunnel is closed", () => Task.FromResult(tunnel.State == LinkState.Closed));
    }

    // What the handshake let pass a moment before, and what a server without the news would.
    [Fact]
    public async Task ACertificateOfARetiredAuthorityIsNotAdmitted()
    {
        var credentials = (await Server.Admin.GenerateCredentialsAsync("default", "old", Cancelled)).Credentials;
        using var certificate = credentials.Certificate();
        var identity = Tunnel.Identity.CertificateIdentity.Read(certificate)!;
        var candidate = new TunnelCandidate("t1", identity, certificate, null);
        var admission = Server.Get<ITunnelAdmission>();
        Assert.Null(await admission.AdmitAsync(candidate, Cancelled));
        await RotateAsync();
        await RetireAsync(force: true);

        var refusal = await admission.AdmitAsync(candidate, Cancelled);

        Assert.Equal(RefusalCode.Revoked, refusal!.Code);
        Assert.Same(RunnerRefusals.AuthorityRetired, refusal);
    }
}
