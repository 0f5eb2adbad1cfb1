using System.Text;
using System.Text.Json;
using Planton.Api.Client;
using Planton.EndToEnd.Tests.Installations;
using Planton.EndToEnd.Tests.Refusals;
using Planton.Testing.Processes;

namespace Planton.EndToEnd.Tests.Identity;

/// <summary>
/// Operations that are in flight when the runner renews its certificate, and that last for longer than anything else may take: the
/// gateway gives a tunnel that drains for another reason 20 s, and an answer of the Kubernetes API as a whole 60 s.
/// </summary>
[Trait("Category", "Slow")]
public sealed class RenewalDuringOperationsTests : IAsyncLifetime
{
    private const string Name = "renewing";

    // Counted from the renewal.
    private static readonly int Seconds = TestSize.IsFull ? 65 : 25;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // The runner renews at a random moment of a twentieth of its certificate's life, here 75 s, and no sooner than 15 s after its start.
    private static readonly TimeSpan RenewsWithin = TimeSpan.FromSeconds(95);

    private PlantonInstallation _installation = null!;
    private SampleClusterProgram _sample = null!;
    private HttpClient _cluster = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _installation = await PlantonInstallation.StartAsync();
        try
        {
            _sample = await SampleClusterProgram.StartAsync(_installation);
        }
        catch
        {
            // The framework disposes only what was initialized.
            await DisposeAsync();
            throw;
        }

        _cluster = new HttpClient { BaseAddress = new Uri($"{_installation.Server.Addresses.Http}/kubernetes/default/{Name}/") };
        _cluster.DefaultRequestHeaders.Authorization = PlantonApiClient.Bearer(_installation.Server.InitialKey);
    }

    public async ValueTask DisposeAsync()
    {
        _cluster?.Dispose();
        await _installation.DisposeAsync();
    }

    [Fact]
    public async Task ALogThatIsFollowed_AndAWatchWithoutAnyByte_OutliveTheRenewal_ForAsLongAsTheyLast()
    {
        var file = await MakeDueAsync();
        var (runner, log, watch) = await StartWithOperationsAsync(file);
        await using var _ = log;
        await _installation.RunnerBecomesAsync(
            Name, "connected by a second tunnel, with both operations on the first", r => r.Tunnels.Select(t => (t.State, t.Operations)).Order()
                .SequenceEqual([("draining", 2), ("ready", 0)]), Patience);
        var before = log.Numbers.Count;

        // The log counts the seconds.
        await Eventually.BecomesTrueAsync(
            () => log.HasEnded || log.Numbers.Count >= before + Seconds, $"the log goes on for {Seconds} lines", TimeSpan.FromSeconds(Seconds) + Patience, Token);

        Assert.False(log.HasEnded, $"the log ended {log.Numbers.Count - before} s after the renewal\n{runner.Process.Describe()}");
        Assert.Equal(Enumerable.Range(0, log.Numbers.Count).Select(number => log.Numbers[0] + number), log.Numbers);
        Assert.False(watch.HasExited, watch.Describe());
        Assert.Equal(["NAME", "idle"], watch.OutputLines.Select(line => line.Split(' ')[0]));
        // Both are still what they were: the change goes through the new tunnel, and its event comes back through the old one.
        await ChangeAsync();
        await watch.WaitForLineAsync(line => line.StartsWith("idle", StringComparison.Ordinal) && line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1] == "2", "the change", Patience, Token);
        watch.Signal(ProcessSignal.Interrupt);
        Assert.Equal(130, await watch.WaitForExitAsync(Patience, Token));
        await log.DisposeAsync();
        await _installation.RunnerBecomesAsync(Name, "connected by the second tunnel alone", r => r.Tunnels is [{ State: "ready", Operations: 0 }], Patience);
        var credential = Assert.Single((await _installation.Api.ListCredentialsAsync(PlantonInstallation.Organization, Name, Token)).Items);
        Assert.NotNull(credential.RenewedAt);
    }

    /// <summary>Credentials that end in ten minutes, and are due for renewal soon after the runner starts.</summary>
    private async Task<string> MakeDueAsync()
    {
        var folder = _installation.PathOf("due");
        await _installation.SucceedAsync("runner", "generate-credentials", Name, "--valid-for", "10m", "--output-dir", folder);
        await _installation.ConnectAsync(Name, Name);
        // Due at two thirds of the life at the latest, and at most a twentieth of the life before.
        return CredentialsFile.Falsify(Path.Combine(folder, "credentials.json"), credentials =>
        {
            var metadata = credentials.Metadata!;
            var due = TimeProvider.System.GetUtcNow() + RenewsWithin;
            return credentials with { Metadata = metadata with { IssuedAt = metadata.ExpiresAt - (3 * (metadata.ExpiresAt - due)) } };
        });
    }

    /// <summary>Starts the runner, opens both operations, and returns when the certificate is renewed.</summary>
    private async Task<(RunnerProgram Runner, FollowedLog Log, ProgramProcess Watch)> StartWithOperationsAsync(string credentials)
    {
        var runner = _installation.Own(RunnerProgram.Launch(_installation.Home, credentials, "--kubeconfig", _sample.Kubeconfig));
        await runner.ReadyAsync();
        var log = await FollowedLog.StartAsync(_cluster, await PrepareAsync());
        var watch = _installation.StartPlanton("kubectl", "get", "configmap", "idle", "--watch", "--connection", Name);
        await watch.WaitForLineAsync(line => line.StartsWith("idle", StringComparison.Ordinal), "what is there at first", Patience, Token);
        await _installation.RunnerBecomesAsync(Name, "busy with both operations", r => r.Tunnels.Sum(t => t.Operations) == 2, Patience);
        Assert.DoesNotContain(runner.Process.ErrorLines, IsRenewed);
        await runner.Process.WaitForLineAsync(IsRenewed, "that its certificate is renewed", RenewsWithin + Patience, Token);
        return (runner, log, watch);
    }

    private static bool IsRenewed(string line) => line.Contains("The runner's certificate is renewed", StringComparison.Ordinal);

    /// <summary>Makes an object that nothing but the test changes, and returns the path of a pod.</summary>
    private async Task<string> PrepareAsync()
    {
        using var body = new StringContent(
            """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"idle"},"data":{"a":"1"}}""", Encoding.UTF8, "application/json");
        using var made = await _cluster.PostAsync("api/v1/namespaces/default/configmaps", body, Token);
        Assert.True(made.IsSuccessStatusCode, $"{(int)made.StatusCode}");
        using var pods = JsonDocument.Parse(await _cluster.GetStringAsync("api/v1/namespaces/default/pods", Token));
        return $"api/v1/namespaces/default/pods/{pods.RootElement.GetProperty("items")[0].GetProperty("metadata").GetProperty("name").GetString()}";
    }

    private async Task ChangeAsync()
    {
        using var body = new StringContent("""{"data":{"b":"2"}}""", Encoding.UTF8, "application/merge-patch+json");
        using var changed = await _cluster.PatchAsync("api/v1/namespaces/default/configmaps/idle", body, Token);
        Assert.True(changed.IsSuccessStatusCode, $"{(int)changed.StatusCode}");
    }
}
