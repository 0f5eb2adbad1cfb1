using System.Diagnostics;
using Planton.Api.Connections;
using Planton.Server.Hosting;
using Planton.Server.Tests.Fixture;
using Planton.Tunnel.Gateway;
using Planton.Tunnel.Links;

namespace Planton.Server.Tests.CertificateAuthority;

/// <summary>Runners that move to a new authority while requests flow. Live tunnels are the subject: one database is enough.</summary>
public sealed class RotationUnderLoadTests() : RotationTest(DatabaseKind.Sqlite, Spread)
{
    private const int Runners = 50;
    private const int Clients = 4;
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task FiftyRunnersMoveToTheNewAuthority_AndNotOneRequestIsLost()
    {
        var stores = Enumerable.Range(0, Runners).Select(_ => new KeptCertificates()).ToArray();
        var runners = new ConnectedRunner[Runners];
        for (var number = 0; number < Runners; number++)
        {
            runners[number] = await ConnectAsync($"runner-{number}", configure: stores[number].Resume);
            await Admin.CreateConnectionAsync(
                Org, new CreateConnectionRequest { Name = $"c{number}", Kind = "kubernetes", AuthMode = "runner", Runner = $"runner-{number}" }, Cancellation);
        }

        using var done = new CancellationTokenSource();
        var loads = Enumerable.Range(0, Clients).Select(client => LoadAsync(client, done.Token)).ToArray();
        var watch = Stopwatch.StartNew();
        var rows = await RotateAsync();
        await Eventually.BecomesTrueAsync(
            () => stores.All(store => IsOf(store, rows[1].Subject)), "every runner has renewed", TimeSpan.FromSeconds(60), Cancellation);
        var renewed = watch.Elapsed;
        await Eventually.BecomesTrueAsync(
            async () => (await RetireAsync()).Exit == ServerExit.Ok, "the old authority is retired", TimeSpan.FromSeconds(30), Cancellation);
        var retired = watch.Elapsed;
        await Eventually.BecomesTrueAsync(
            () => stores.All(store => store.Latest!.TrustedRoots.Count == 1),
            "every runner is told that the old one is gone",
            TimeSpan.FromSeconds(30), Cancellation);
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
            $"{Runners} runners: renewed after {renewed.TotalSeconds:0.0} s (spread {Spread.TotalSeconds:0} s), retired after {retired.TotalSeconds:0.0} s; "
            + $"{sent} requests, {lost.Count} lost; {connected} connected, {back} back after a restart");
        Assert.True(lost.Count == 0, string.Join('\n', lost.Take(5)));
        Assert.True(sent > Runners, $"only {sent} requests");
        Assert.Equal((Runners, Runners), (connected, back));
        Assert.True((await Admin.VerifyAuditAsync(Cancellation)).Ok);
    }

    private async Task<(int Sent, List<string> Lost)> LoadAsync(int client, CancellationToken done)
    {
        var http = Server.HttpClient(Server.AdminKey);
        var (sent, lost) = (0, new List<string>());
        for (var number = client; !done.IsCancellationRequested; number = (number + Clients) % Runners)
        {
            using var response = await http.GetAsync(new Uri($"{Server.Url}kubernetes/{Org}/c{number}/api"), Cancellation);
            var body = await response.Content.ReadAsStringAsync(Cancellation);
            sent++;
            if (body != "here")
                lost.Add($"runner-{number}: {(int)response.StatusCode} {body}");
        }

        return (sent, lost);
    }

    private static bool IsOf(KeptCertificates store, string authority) => store.Latest?.Certificate.Issuer == authority;
}
