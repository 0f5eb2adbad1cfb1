using System.Diagnostics;
using System.Text.Json;
using Planton.Api.Client;
using Planton.Api.Connections;
using Planton.Api.Runners;
using Planton.EndToEnd.Tests.Installations;
using Planton.EndToEnd.Tests.Refusals;
using Planton.Testing.Network;

namespace Planton.EndToEnd.Tests.Revocation;

/// <summary>A runner's process with two credentials, of which it uses the second, and with a log and a shell open through its tunnel.</summary>
internal sealed class LiveRunner : IAsyncDisposable
{
    private readonly TcpForwarder _wire;
    private readonly HttpClient _http;

    private LiveRunner(string name, RunnerCredentials spare, RunnerCredentials used, TcpForwarder wire, RunnerProgram program, HttpClient http) =>
        (Name, Spare, Used, _wire, Program, _http) = (name, spare, used, wire, program, http);

    public string Name { get; }

    public RunnerCredentials Spare { get; }

    public RunnerCredentials Used { get; }

    public RunnerProgram Program { get; }

    public OpenStream Log { get; private set; } = null!;

    public OpenStream Shell { get; private set; } = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<LiveRunner> StartAsync(PlantonInstallation installation, SampleClusterProgram sample, string name)
    {
        var api = installation.Api;
        var spare = (await api.GenerateCredentialsAsync(PlantonInstallation.Organization, name, Token)).Credentials;
        var used = (await api.GenerateCredentialsAsync(PlantonInstallation.Organization, name, Token)).Credentials;
        var connection = $"to-{name}";
        await api.CreateConnectionAsync(PlantonInstallation.Organization, new CreateConnectionRequest { Name = connection, Kind = "kubernetes", Runner = name }, Token);
        var wire = installation.Own(TcpForwarder.Start(used.Tunnel!.Endpoint!));
        var file = CredentialsFile.Write(installation.PathOf($"{name}.json"), used with { Tunnel = used.Tunnel with { Endpoint = wire.Address } });
        var program = installation.Own(RunnerProgram.Launch(installation.Home, file, "--kubeconfig", sample.Kubeconfig));
        await program.ReadyAsync();
        var live = new LiveRunner(name, spare, used, wire, program, OpenStream.Client(installation.Server.Addresses.Http, connection, installation.Server.InitialKey));
        await live.OpenAsync();
        return live;
    }

    /// <summary>Completes when the tunnel's connection is closed, with the time of that; to be called before it is.</summary>
    public async Task<long> TunnelCutAsync()
    {
        // It may dial again before this looks. One that did so earlier would look cut at once.
        Assert.Equal(1, _wire.ConnectionsAccepted);
        await Eventually.BecomesTrueAsync(() => _wire.OpenConnections == 0 || _wire.ConnectionsAccepted > 1, "the tunnel is cut", cancellationToken: Token);
        return Stopwatch.GetTimestamp();
    }

    /// <summary>Asks with an API key until it is refused, and returns the time of that.</summary>
    public static async Task<long> KeyRefusedAsync(string server, string key)
    {
        using var http = new HttpClient { BaseAddress = new Uri(server + "/") };
        http.DefaultRequestHeaders.Authorization = PlantonApiClient.Bearer(key);
        while (true)
        {
            using var answer = await http.GetAsync("api/v1/me", Token);
            if (answer.StatusCode == System.Net.HttpStatusCode.Unauthorized)
                return Stopwatch.GetTimestamp();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync();
        await Shell.DisposeAsync();
        _http.Dispose();
        await Program.DisposeAsync();
        await _wire.DisposeAsync();
    }

    private async Task OpenAsync()
    {
        using var pods = JsonDocument.Parse(await _http.GetStringAsync("api/v1/namespaces/default/pods", Token));
        var pod = $"api/v1/namespaces/default/pods/{pods.RootElement.GetProperty("items")[0].GetProperty("metadata").GetProperty("name").GetString()}";
        Log = await OpenStream.FollowLogAsync(_http, pod);
        Shell = await OpenStream.ExecAsync(_http, pod, "command=sleep&command=600");
    }
}
