using System.Net;
using Planton.EndToEnd.Tests.Installations;
using Planton.EndToEnd.Tests.Refusals;
using Planton.Testing.Network;
using Planton.Testing.Processes;

namespace Planton.EndToEnd.Tests.Proxies;

/// <summary>A control plane behind a proxy that ends TLS, and one that passes TCP to the gateway (docs/how-to/tls-proxy.md).</summary>
public sealed class TlsProxyTests : IAsyncLifetime
{
    private readonly FlaggedInstallation _installation = new();
    private readonly PrivateAuthority _authority = new();
    private TlsProxy _api = null!;
    private TcpForwarder _gateway = null!;
    private string _authorityFile = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Url => $"https://localhost:{_api.EndPoint.Port}";

    private string Tunnel => $"localhost:{_gateway.EndPoint.Port}";

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc");
        _authorityFile = _installation.Write("private-ca.pem", _authority.Pem);
        _api = _installation.Own(new TlsProxy(_authority.Issue("localhost")));
        var gateway = new IPEndPoint(IPAddress.Loopback, FreePort.Find());
        _gateway = _installation.Own(TcpForwarder.Start(gateway));
        // Without --insecure-http the server takes an https URL of loopback for its own port, and writes its own CA into credentials.
        await _installation.StartServerAsync(
            "--http", "127.0.0.1:0", "--insecure-http", "--public-url", Url, "--tunnel", gateway.ToString(), "--public-tunnel", Tunnel);
        _api.Target = IPEndPoint.Parse(new Uri(_installation.Addresses.Http).Authority);
    }

    public async ValueTask DisposeAsync()
    {
        await _installation.DisposeAsync();
        _authority.Dispose();
    }

    [Fact]
    public async Task CredentialsHoldThePublicAddresses_AndCommandLineAndRunnerWorkThroughThemAlone()
    {
        var login = await _installation.LogInAsync(Url, "--ca-file", _authorityFile);
        Assert.True(login.ExitCode == 0, login.ToString());
        var file = await _installation.MakeCredentialsAsync("outside");
        var credentials = CredentialsFile.Read(file);
        Assert.Equal((Url, null), (credentials.ControlPlane!.Endpoint, credentials.ControlPlane.CaCertificates));
        Assert.Equal(Tunnel, credentials.Tunnel!.Endpoint);

        var kubeconfig = await _installation.StartSampleClusterAsync();
        var runner = _installation.StartRunner(file, kubeconfig, [("SSL_CERT_FILE", _authorityFile)]);
        await FlaggedInstallation.ReadyAsync(runner);
        await _installation.SucceedAsync("connection", "create", "kubernetes", "prod", "--runner", "outside");
        await WorksAsync();

        // The runner is connected to the forwarder, and not to the server's own ports.
        var peers = ProcessSockets.Peers(runner.Id);
        Assert.Contains(_gateway.EndPoint, peers);
        Assert.DoesNotContain(IPEndPoint.Parse(_installation.Addresses.Tunnel), peers);
        Assert.DoesNotContain(_api.Target!, peers);
        Assert.Equal(1, _gateway.OpenConnections);

        await _gateway.RefuseNewConnectionsAsync();
        _gateway.Cut();
        await RunnerIsAsync("disconnected");
        var unreachable = await _installation.PlantonAsync("kubectl", "get", "pods", "--connection", "prod");
        Assert.Equal(5, unreachable.ExitCode);
        Assert.Contains("\"outside\"", unreachable.Error, StringComparison.Ordinal);
        _gateway.AcceptNewConnections();
        await RunnerIsAsync("connected");
        await WorksAsync();

        await _api.DisposeAsync();
        var cut = await _installation.PlantonAsync("auth", "who");
        Assert.Equal(1, cut.ExitCode);
        Assert.Contains($"{Url} refused the connection", cut.Error, StringComparison.Ordinal);
    }

    private async Task WorksAsync() =>
        Assert.Contains("hello-", await _installation.SucceedAsync("kubectl", "get", "pods", "--connection", "prod"), StringComparison.Ordinal);

    private Task RunnerIsAsync(string status) => Eventually.BecomesTrueAsync(
        async () => (await _installation.SucceedAsync("runner", "list")).Contains($" {status}", StringComparison.Ordinal),
        $"the runner is {status}",
        cancellationToken: Token);
}
