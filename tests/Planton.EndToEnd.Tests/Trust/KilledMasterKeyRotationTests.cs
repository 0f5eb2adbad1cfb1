using Planton.Api.Runners;
using Planton.EndToEnd.Tests.Installations;
using Planton.Testing.Processes;
using Planton.Testing.Programs;

namespace Planton.EndToEnd.Tests.Trust;

/// <summary>
/// <c>planton-server master-key rotate</c> as a process that is killed (SIGKILL) at random moments. The server's tests kill it at each
/// of its steps.
/// </summary>
[Trait("Category", "Slow")]
public sealed class KilledMasterKeyRotationTests(SampleInstallation fixture) : IClassFixture<SampleInstallation>
{
    private const string Secret = "s3cret-päss\nword";
    private const int Kills = 3;
    private const int MostKills = 10;

    // From the new key's file to the end of the process; about the time that resealing takes.
    private const int MostMilliseconds = 80;

    private readonly PlantonInstallation _installation = fixture.Installation;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ServerProgram Server => _installation.Server;

    private string MasterKey => Path.Combine(Server.Data, "master-key");

    private string NextMasterKey => Path.Combine(Server.Data, "master-key.new");

    [Fact]
    public async Task KilledAtAnyMoment_TheServerStarts_SecretsOpen_AndRunnersComeBack()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals");
        var seed = Sizes.Seed;
        TestContext.Current.TestOutputHelper!.WriteLine($"PLANTON_TEST_SEED={seed}");
        var random = new Random(seed);
        var set = await ProgramProcess.RunAsync(ProgramFiles.Cli, ["secret", "set", "database"], _installation.Variables(), Secret, cancellationToken: Token);
        Assert.True(set.ExitCode == 0, set.ToString());
        var runner = await _installation.StartRunnerAsync("steady", fixture.Kubeconfig);
        await _installation.ConnectAsync("prod", "steady");

        var between = 0;
        for (var kill = 0; kill < Kills || (between == 0 && kill < MostKills); kill++)
        {
            // The first kill comes right after the first step; the others at random.
            var delay = TimeSpan.FromMilliseconds(kill == 0 || kill >= Kills ? 0 : random.Next(MostMilliseconds));
            await StopServerAsync();
            await KillARotationAsync(delay);
            if (File.Exists(NextMasterKey))
                between++;
            await EverythingOpensAsync($"seed {seed}, kill {kill} after {delay.TotalMilliseconds} ms");
        }

        Assert.True(between > 0, $"seed {seed}: no kill came between the first step and the last");
        await StopServerAsync();
        var before = await File.ReadAllTextAsync(MasterKey, Token);
        var rotated = await Server.RunCommandAsync("master-key", "rotate");
        Assert.True(rotated.ExitCode == 0, rotated.ToString());
        Assert.Matches("^[1-9][0-9]* value\\(s\\) are under a new master key\\.", rotated.Output);
        Assert.NotEqual(before, await File.ReadAllTextAsync(MasterKey, Token));
        Assert.False(File.Exists(NextMasterKey));
        await EverythingOpensAsync("after the rotation that was not killed");
        await _installation.SucceedAsync("audit", "verify");
        Assert.False(runner.Process.HasExited);
    }

    private async Task StopServerAsync()
    {
        Server.Process.Signal(ProcessSignal.Terminate);
        Assert.Equal(0, await Server.Process.WaitForExitAsync(TimeSpan.FromSeconds(30), Token));
    }

    /// <summary>Starts a rotation, and kills it so long after it has written the new key.</summary>
    private async Task KillARotationAsync(TimeSpan delay)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(Server.Data, Path.GetFileName(NextMasterKey));
        watcher.Created += (_, _) => written.TrySetResult();
        watcher.Renamed += (_, _) => written.TrySetResult();
        watcher.EnableRaisingEvents = true;
        await using var rotation = ProgramProcess.Start(
            ProgramFiles.Server, ["master-key", "rotate", "--data", Server.Data], CleanEnvironment.Variables(_installation.Home));
        await written.Task.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, Token);
        if (delay > TimeSpan.Zero)
            await Task.Delay(delay, TimeProvider.System, Token);
        rotation.Signal(ProcessSignal.Kill);
        await rotation.WaitForExitAsync(cancellationToken: Token);
    }

    private async Task EverythingOpensAsync(string when)
    {
        await Server.StartAgainAsync(Token);
        // The interrupted change is cleaned up: one key file is left.
        Assert.False(File.Exists(NextMasterKey), when);
        var secret = await _installation.SucceedAsync("secret", "get", "database", "--reveal", "--key", "value");
        Assert.True(secret == Secret, $"{when}: {secret}");
        await _installation.RunnerBecomesAsync("steady", "connected", runner => runner.Status == RunnerStatus.Connected, TimeSpan.FromSeconds(20));
        Assert.Contains("hello-", await _installation.SucceedAsync("kubectl", "get", "pods", "--connection", "prod"), StringComparison.Ordinal);
    }
}
