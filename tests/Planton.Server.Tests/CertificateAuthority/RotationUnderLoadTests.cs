using System.Diagnostics;
using Planton.Api.Connections;
using Planton.Server.Hosting;
using Planton.Server.Tests.Fixture;
using Planton.Tunnel.Gateway;
using Planton.Tunnel.Links;

namespace Planton.Server.Tests.CertificateAuthority;

public sealed class RotationUnderLoadTests : RotationTest
{
    private const int Runners = 50;
    private const int Clients = 4;

    [Fact]
    public async Task FiftyRunnersMoveToTheNewAuthority_AndNotOneRequestIsLost()
    {
        var stores = Enumerable.Range(0, Runners).Select(_ => new KeptCertificates()).ToArray();
        var runners = new ConnectedRunner[Runners];
        for (var number = 0; number < Runners; number++)
        {
            runners[number] = await ConnectAsync($"runner-{number}", configure: stores[number].Resume);
            await Server.Admin.CreateConnectionAsync(
                "default", new CreateConnectionRequest { Name = $"c{number}", Kind = "kubernetes", AuthMode = "runner", Runner = $"runner-{number}" }, Cancelled);
        }

        using var done = new CancellationTokenSource();
        var loads = Enumerable.Range(0, Clients).Select(client => LoadAsync(client, done.Token)).ToArray();
        var watch = Stopwatch.StartNew();
        var rows = await RotateAsync();
        await Expect.EventuallyAsync("every runner has renewed", () => Task.FromResult(stores.All(store => IsOf(store, rows[1].Subject))), TimeSpan.FromSeconds(60));
        var renewed = watch.Elapsed;
        await Expect.EventuallyAsync("the old authority is retired", async () => (await RetireAsync()).Exit == ServerExit.Ok, TimeSpan.FromSeconds(30));
        var retired = watch.Elapsed;
        await Expect.EventuallyAsync(
            "every runner is told that the old one is gone", () => Task.FromResult(stores.All(store => store.Latest!.TrustedRoots.Count == 1)), TimeSpan.FromSeconds(30));
        await done.CancelAsync();
        var (sent, lost) = (await Task.WhenAll(loads)).Aggregate((one, other) => (one.Sent + other.Sent, [.. one.Lost, .. other.Lost]));

        var registry = Server.Get<TunnelRegistry>();
        var connected = runners.Count(runner => registry.Of(runner.Credentials.Metadata!.RunnerId!).Any(tunnel => tunnel.State == LinkState.Ready));
        var back = 0;
        for (var number = 0; number < Runners; number++)
        {
            await runners[number].DisposeAsync();
            var again = await ConnectAsync(credentials: runners[number].Credentials, configure: stores[number].Resume);
            back += again.Link.Status.State == LinkState.Ready ? 1 : 0;
        }

        TestContext.Current.SendDiagnosticMessage(
            $"{Runners} runners: renewed after {renewed.TotalSeconds:0.0} s (spread {Certificates.RotationSpread.TotalSeconds:0} s), retired after {retired.TotalSeconds:0.0} s; "
            + $"{sent} requests, {lost.Count} lost; {connected} connected, {back} back after a restart");
        Assert.True(lost.Count == 0, string.Join('\n', lost.Take(5)));
        Assert.True(sent > Runners, $"only {sent} requests");
        Assert.Equal((Runners, Runners), (connected, back));
        Assert.True((await Server.Admin.VerifyAuditAsync(Cancelled)).Ok);
    }

    private async Task<(int Sent, List<string> Lost)> LoadAsync(int client, CancellationToken done)
    {
        var http = Server.HttpClient(Server.AdminKey);
        var (sent, lost) = (0, new List<string>());
        for (var number = client; !done.IsCancellationRequested; number = (number + Clients) % Runners)
        {
            using var response = await http.GetAsync(new Uri($"{Server.Url}kubernetes/default/c{number}/api"), Cancelled);
            var body = await response.Content.ReadAsStringAsync(Cancelled);
            sent++;
            if (body != "here")
                lost.Add($"runner-{number}: {(int)response.StatusCode} {body}");
        }

        return (sent, lost);
    }

    private static bool IsOf(KeptCertificates store, string authority) => store.Latest?.Certificate.Issuer == authority;
}
