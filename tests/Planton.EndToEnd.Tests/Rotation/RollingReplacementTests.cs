using System.Diagnostics;
using Planton.Api.Runners;
using Planton.EndToEnd.Tests.Installations;
using Planton.EndToEnd.Tests.Refusals;
using Planton.EndToEnd.Tests.Revocation;
using Planton.Testing.Processes;

namespace Planton.EndToEnd.Tests.Rotation;

/// <summary>Runners replaced under load: the sequence of <c>docs/how-to/rotate-credentials.md</c>, and a replica that is lost.</summary>
[Collection(nameof(Alone))]
[Trait("Category", "Slow")]
public sealed class RollingReplacementTests(SampleInstallationFixture fixture, ITestOutputHelper output) : IClassFixture<SampleInstallationFixture>, IAsyncLifetime
{
    // A silent runner is pinged after 3 s, and given up 3 s after that; times are looked at about once a second.
    private static readonly TimeSpan Keepalive = TimeSpan.FromSeconds(10);

    private readonly PlantonInstallation _installation = fixture.Installation;
    private readonly string _name = $"prod-{Guid.NewGuid():N}"[..16];
    private string _old = null!;
    private RunnerProgram _first = null!;
    private RunnerProgram _second = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _old = await _installation.MakeCredentialsAsync(_name);
        (_first, _second) = (await StartAsync(_old), await StartAsync(_old));
        await _installation.ConnectAsync(_name, _name);
    }

    public async ValueTask DisposeAsync()
    {
        // One that is frozen holds its end of the tunnel.
        foreach (var runner in (RunnerProgram?[])[_first, _second])
        {
            if (runner is not null)
                await runner.DisposeAsync();
        }
    }

    [Fact]
    public async Task CredentialsAreRotatedUnderLoad_WithoutALostRequest()
    {
        await using var load = StartLoad();
        var step = Sizes.Requests / 6;
        await load.ReachesAsync(step);

        var renewed = await _installation.MakeCredentialsAsync(_name);
        await StartAsync(renewed);
        await load.ReachesAsync(2 * step);
        await DrainAsync(_first);
        await load.ReachesAsync(3 * step);
        await StartAsync(renewed);
        await DrainAsync(_second);
        await load.ReachesAsync(4 * step);
        var old = CredentialsFile.Read(_old).Metadata!.Id!;
        var listed = (await _installation.Api.ListCredentialsAsync(PlantonInstallation.Organization, _name, Token)).Items;
        Assert.Equal([(CredentialsFile.Read(renewed).Metadata!.Id!, 2), (old, 0)], listed.Select(credential => (credential.Id, credential.Connected)));
        var revoked = await _installation.PlantonAsync("runner", "credentials", "revoke", _name, old, "--yes");
        await load.ReachesAsync(Sizes.Requests);
        await load.EndAsync();

        output.WriteLine($"{load}\n{revoked.Error}");
        Assert.Contains("Revoked 1 credential and 1 API key; cut 0 tunnels and 0 operations.", revoked.Error, StringComparison.Ordinal);
        Assert.InRange(load.Answers["ok"], Sizes.Requests, int.MaxValue);
        Assert.Equal(0, load.Failures);
    }

    [Theory]
    [InlineData(ProcessSignal.Kill)]
    [InlineData(ProcessSignal.Stop)]
    public async Task WhenAReplicaIsLostUnderLoad_OnlyWhatItHadIsLost_AndTheOtherTakesTheRest(ProcessSignal signal)
    {
        var half = Sizes.Requests / 4;
        await using var load = StartLoad();
        await load.ReachesAsync(half);
        await BothServeAsync();

        _first.Process.Signal(signal);
        var lost = Stopwatch.GetTimestamp();
        await _installation.RunnerBecomesAsync(_name, "left with one tunnel", runner => runner.Tunnels.Count == 1, Keepalive);
        output.WriteLine($"noticed after {Stopwatch.GetElapsedTime(lost).TotalSeconds:0.00} s");
        await load.ReachesAsync(load.Count + half);
        await load.EndAsync();

        output.WriteLine($"{load}{(load.Failures == 0 ? "" : $"; the last failure came after {Stopwatch.GetElapsedTime(lost, load.LastFailure).TotalSeconds:0.00} s")}");
        // One request of each client may have been at the lost replica, and it is unknown whether it ran. No others failed.
        Assert.InRange(load.Answers.GetValueOrDefault("runner_lost"), 0, RequestLoad.Clients);
        Assert.Equal(load.Failures, load.Answers.GetValueOrDefault("runner_lost"));
        Assert.True(load.Failures == 0 || Stopwatch.GetElapsedTime(lost, load.LastFailure) < Keepalive, "requests were sent to it longer than that");
        Assert.Equal(RunnerStatus.Connected, (await _installation.Api.GetRunnerAsync(PlantonInstallation.Organization, _name, Token)).Status);
    }

    /// <summary>Waits until each tunnel was seen with an operation: else the loss of one proves nothing.</summary>
    private async Task BothServeAsync()
    {
        var serving = new HashSet<string>();
        await _installation.RunnerBecomesAsync(
            _name,
            "serving by both tunnels",
            runner =>
            {
                Assert.Equal(2, runner.Tunnels.Count);
                serving.UnionWith(runner.Tunnels.Where(tunnel => tunnel.Operations > 0).Select(tunnel => tunnel.Id));
                return serving.Count == runner.Tunnels.Count;
            },
            Keepalive);
    }

    private RequestLoad StartLoad() => new(OpenStream.Client(_installation.Server.Addresses.Http, _name, _installation.Server.InitialKey));

    private async Task<RunnerProgram> StartAsync(string credentials)
    {
        var runner = _installation.Own(RunnerProgram.Launch(_installation.Home, credentials, "--kubeconfig", fixture.Sample.Kubeconfig));
        await runner.ReadyAsync();
        return runner;
    }

    private static async Task DrainAsync(RunnerProgram runner)
    {
        runner.Process.Signal(ProcessSignal.Terminate);
        Assert.Equal(0, await runner.Process.WaitForExitAsync(TimeSpan.FromSeconds(30), Token));
    }
}
