using Planton.Testing.Processes;
using Planton.Testing.Programs;

namespace Planton.EndToEnd.Tests.Installations;

/// <summary>A runner's process, started from a credentials file.</summary>
internal sealed class RunnerProgram : IAsyncDisposable
{
    private readonly string _home;
    private readonly string _credentials;
    private readonly string[] _arguments;

    private RunnerProgram(string home, string credentials, string[] arguments) => (_home, _credentials, _arguments) = (home, credentials, arguments);

    public ProgramProcess Process { get; private set; } = null!;

    /// <summary>Starts one without waiting for anything.</summary>
    public static RunnerProgram Launch(string home, string credentials, params string[] arguments)
    {
        var runner = new RunnerProgram(home, credentials, arguments);
        runner.Launch();
        return runner;
    }

    /// <summary>Starts it again after it was stopped or killed, and returns when it accepts operations.</summary>
    public async Task StartAgainAsync()
    {
        await Process.DisposeAsync();
        Launch();
        await ReadyAsync();
    }

    /// <summary>Waits until it accepts operations.</summary>
    public Task<string> ReadyAsync() => Process.WaitForLineAsync(
        line => line.Contains("Ready after", StringComparison.Ordinal), "its Ready line", TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    private void Launch() => Process = ProgramProcess.Start(
        ProgramFiles.Runner, ["start", "--credentials-file", _credentials, "--health", "127.0.0.1:0", .. _arguments], CleanEnvironment.Variables(_home));
}
