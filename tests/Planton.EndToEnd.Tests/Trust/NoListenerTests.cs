using System.Net;
using Planton.Api.Client;
using Planton.EndToEnd.Tests.Installations;
using Planton.Testing.Network;
using Planton.Testing.Processes;
using Planton.Testing.Programs;

namespace Planton.EndToEnd.Tests.Trust;

/// <summary>A runner takes no connection: the kernel's list of its sockets shows it.</summary>
[Collection(nameof(OnOneInstallation))]
public sealed class NoListenerTests(SampleInstallation fixture)
{
    private readonly PlantonInstallation _installation = fixture.Installation;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WithoutHealthChecks_ItListensNowhere_WhileOperationsRun()
    {
        var runner = await ServeAWatchAsync("silent", "off");

        Assert.Empty(ProcessSockets.Listening(runner.Id));

        // Its other sockets are seen: the tunnel is among them.
        Assert.Contains(IPEndPoint.Parse(_installation.Server.Addresses.Tunnel), ProcessSockets.Peers(runner.Id));
    }

    [Fact]
    public async Task WithHealthChecks_ItListensThereAlone_OnLoopback()
    {
        var port = FreePort.Find();
        var runner = await ServeAWatchAsync("healthy", $"127.0.0.1:{port}");

        Assert.Equal([new IPEndPoint(IPAddress.Loopback, port)], ProcessSockets.Listening(runner.Id));
        using var http = new HttpClient();
        Assert.Equal("ok", (await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/healthz/ready"), Token)).Trim());
    }

    // A watch stays open, so that an operation is in flight when the sockets are listed.
    private async Task<ProgramProcess> ServeAWatchAsync(string name, string health)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc");
        var credentials = await _installation.MakeCredentialsAsync(name);
        string[] arguments = ["start", "--credentials-file", credentials, "--kubeconfig", fixture.Kubeconfig, "--health", health];
        var runner = _installation.Own(ProgramProcess.Start(ProgramFiles.Runner, arguments, CleanEnvironment.Variables(_installation.Home)));
        await runner.WaitForLineAsync(line => line.Contains("Ready after", StringComparison.Ordinal), "its Ready line", TimeSpan.FromSeconds(60), Token);
        await _installation.ConnectAsync(name, name);

        var http = new HttpClient { BaseAddress = new Uri(_installation.Server.Addresses.Http + "/") };
        http.DefaultRequestHeaders.Authorization = PlantonApiClient.Bearer(_installation.Server.InitialKey);
        var watch = await http.GetStreamAsync(new Uri($"kubernetes/{PlantonInstallation.Organization}/{name}/api/v1/pods?watch=true", UriKind.Relative), Token);
        _installation.Own(new OpenWatch(http, watch));
        Assert.True(await watch.ReadAsync(new byte[1], Token) == 1);
        return runner;
    }

    private sealed class OpenWatch(HttpClient http, Stream watch) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await watch.DisposeAsync();
            http.Dispose();
        }
    }
}
