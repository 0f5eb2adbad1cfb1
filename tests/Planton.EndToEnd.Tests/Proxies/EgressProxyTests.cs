using Planton.EndToEnd.Tests.Installations;
using Planton.EndToEnd.Tests.Refusals;
using Planton.Testing.Network;
using Planton.Testing.Processes;

namespace Planton.EndToEnd.Tests.Proxies;

/// <summary>A runner whose only way out is an HTTP proxy (docs/how-to/egress-proxy.md).</summary>
public sealed class EgressProxyTests(NamedInstallation fixture) : IClassFixture<NamedInstallation>
{
    private readonly FlaggedInstallation _installation = fixture.Installation;

    [Fact]
    public async Task ThroughHttpsProxy_TunnelApiAndClusterAreReached_AndNothingElseIsDialled()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc");
        var proxy = fixture.StartProxy();
        var file = await _installation.MakeCredentialsAsync("inside");
        var credentials = CredentialsFile.Read(file);
        Assert.Equal(("https://api.planton.invalid", NamedInstallation.Tunnel), (credentials.ControlPlane!.Endpoint, credentials.Tunnel!.Endpoint));

        var runner = _installation.StartRunner(file, fixture.NamedKubeconfig, Environment(proxy));
        await FlaggedInstallation.ReadyAsync(runner);
        await _installation.SucceedAsync("connection", "create", "kubernetes", "prod", "--runner", "inside");
        Assert.Contains("hello-", await _installation.SucceedAsync("kubectl", "get", "pods", "--connection", "prod"), StringComparison.Ordinal);

        Assert.Equal([NamedInstallation.Api, NamedInstallation.Cluster, NamedInstallation.Tunnel], proxy.Forwarded.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal([proxy.EndPoint], ProcessSockets.Peers(runner.Id));
    }

    [Fact]
    public async Task WithoutAProxy_TheGatewayIsNotReached()
    {
        // The control: there is no other way.
        var said = await RefusedAsync(("NO_PROXY", ""));
        Assert.Contains("the name tunnel.planton.invalid does not resolve", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tunnel.planton.invalid")]
    [InlineData("10.0.0.0/8, .planton.invalid")]
    public async Task WhatNoProxyNames_IsDialledDirectly(string noProxy)
    {
        var proxy = fixture.StartProxy();

        var said = await RefusedAsync([.. Environment(proxy), ("NO_PROXY", noProxy)]);

        Assert.Contains("the name tunnel.planton.invalid does not resolve", said, StringComparison.Ordinal);
        Assert.Equal(0, proxy.ConnectionsAccepted);
    }

    [Fact]
    public async Task WhatNoProxyDoesNotName_StillGoesThroughTheProxy()
    {
        var proxy = fixture.StartProxy();

        var runner = _installation.StartRunner(
            await _installation.MakeCredentialsAsync("refused"), fixture.NamedKubeconfig, [.. Environment(proxy), ("NO_PROXY", "api.planton.invalid")]);
        var said = await runner.WaitForLineAsync(
            line => line.Contains("did not answer, trying again", StringComparison.Ordinal), "that the control plane did not answer",
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Contains("api.planton.invalid", said, StringComparison.Ordinal);
        Assert.Equal([NamedInstallation.Tunnel], proxy.Forwarded.Distinct());
    }

    [Fact]
    public async Task AProxyThatRefuses_IsNamedWithItsStatus()
    {
        var proxy = fixture.StartProxy();
        proxy.Refusal = 403;

        var said = await RefusedAsync(Environment(proxy));

        Assert.Contains("Step 'establish the tunnel' did not succeed", said, StringComparison.Ordinal);
        Assert.Contains($"the egress proxy {proxy.EndPoint} refused to connect to {NamedInstallation.Tunnel} (status 403)", said, StringComparison.Ordinal);
        Assert.Empty(proxy.Forwarded);
        Assert.True(proxy.ConnectionsAccepted > 0);
    }

    private (string Name, string Value)[] Environment(ForwardProxy proxy) =>
        [("HTTPS_PROXY", $"http://{proxy.EndPoint}"), ("NO_PROXY", ""), ("SSL_CERT_FILE", fixture.AuthorityFile)];

    private async Task<string> RefusedAsync(params (string Name, string Value)[] environment) =>
        await _installation.RefusedAsync(5, await _installation.MakeCredentialsAsync("refused"), fixture.NamedKubeconfig, environment);
}
