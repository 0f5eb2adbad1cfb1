using System.Text.Json;
using Planton.Api;
using Planton.Api.Server;
using Planton.Testing.Processes;
using Planton.Testing.Programs;

namespace Planton.EndToEnd.Tests.Installations;

/// <summary>
/// A control plane that is started with flags of the test's own, and programs around it with an environment of the test's own.
/// <see cref="PlantonInstallation"/> is the one for tests that need neither.
/// </summary>
internal sealed class FlaggedInstallation : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly List<IAsyncDisposable> _started = [];

    public ProgramProcess Server { get; private set; } = null!;

    public ServerAddresses Addresses { get; private set; } = null!;

    public string Home => _folder.FullName;

    public string InitialKey => File.ReadAllText(Path.Combine(Data, "initial-admin-key")).Trim();

    private string Data => PathOf("data");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public string PathOf(string relative) => Path.Combine(Home, relative);

    /// <summary>Writes a file that its owner alone can read, and returns its path.</summary>
    public string Write(string relative, string content)
    {
        var file = _folder.Write(relative, content);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }

    /// <summary>Starts the server with these flags and <c>--data</c>, and returns when it serves.</summary>
    public async Task StartServerAsync(params string[] flags)
    {
        Server = Own(ProgramProcess.Start(ProgramFiles.Server, [.. flags, "--data", Data, "--drain-timeout", "3"], CleanEnvironment.Variables(Home)));
        var file = Path.Combine(Data, "addresses.json");
        await Eventually.BecomesTrueAsync(() => Server.HasExited || File.Exists(file), "the server writes addresses.json", StartTimeout, Token);
        Assert.False(Server.HasExited, Server.HasExited ? Server.Describe() : "");
        Addresses = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file, Token), PlantonJson.Default.ServerAddresses)!;
    }

    /// <summary>Runs <c>planton auth login</c> with the first user's key.</summary>
    public Task<ProgramResult> LogInAsync(string url, params string[] flags) => ProgramProcess.RunAsync(
        ProgramFiles.Cli, ["auth", "login", "--server", url, "--api-key", "-", .. flags], Variables(), InitialKey + "\n", cancellationToken: Token);

    /// <summary>Runs <c>planton …</c> to its end.</summary>
    public Task<ProgramResult> PlantonAsync(params string[] arguments) =>
        ProgramProcess.RunAsync(ProgramFiles.Cli, arguments, Variables(), cancellationToken: Token);

    /// <summary>Runs <c>planton …</c>, and fails the test when it does not succeed.</summary>
    public async Task<string> SucceedAsync(params string[] arguments)
    {
        var result = await PlantonAsync(arguments);
        Assert.True(result.ExitCode == 0, $"planton {string.Join(' ', arguments)}: {result}");
        return result.Output;
    }

    /// <summary>Makes credentials for a runner (registering it if need be), and returns the file.</summary>
    public async Task<string> MakeCredentialsAsync(string runner)
    {
        var folder = PathOf(Path.Combine("credentials", runner, Guid.NewGuid().ToString("N")));
        await SucceedAsync("runner", "generate-credentials", runner, "--output-dir", folder);
        return Path.Combine(folder, "credentials.json");
    }

    /// <summary>Starts a runner without waiting for anything.</summary>
    public ProgramProcess StartRunner(string credentials, string kubeconfig, (string Name, string Value)[] environment, params string[] flags)
    {
        string[] arguments = ["start", "--credentials-file", credentials, "--kubeconfig", kubeconfig, "--health", "127.0.0.1:0", .. flags];
        return Own(ProgramProcess.Start(ProgramFiles.Runner, arguments, Variables(environment)));
    }

    /// <summary>Waits until a runner accepts operations.</summary>
    public static Task<string> ReadyAsync(ProgramProcess runner) =>
        runner.WaitForLineAsync(line => line.Contains("Ready after", StringComparison.Ordinal), "its Ready line", StartTimeout, Token);

    /// <summary>Runs a runner that cannot start, and returns its last line.</summary>
    public async Task<string> RefusedAsync(int exitCode, string credentials, string kubeconfig, params (string Name, string Value)[] environment)
    {
        var runner = StartRunner(credentials, kubeconfig, environment, "--start-timeout", "4s");
        var code = await runner.WaitForExitAsync(StartTimeout, Token);
        Assert.True(code == exitCode, $"exit code {code} instead of {exitCode}\n{runner.Describe()}");
        return runner.ErrorLines[^1];
    }

    /// <summary>Starts the sample cluster, and returns its kubeconfig.</summary>
    public async Task<string> StartSampleClusterAsync()
    {
        var kubeconfig = PathOf("sample-kubeconfig.yaml");
        var sample = Own(ProgramProcess.Start(ProgramFiles.SampleCluster, ["--listen", "127.0.0.1:0", "--kubeconfig-out", kubeconfig], Variables()));
        await sample.WaitForLineAsync(line => line.StartsWith("sample-cluster ready", StringComparison.Ordinal), "that it is ready", StartTimeout, Token);
        return kubeconfig;
    }

    /// <summary>Ends a program or a proxy with the installation.</summary>
    public T Own<T>(T program)
        where T : IAsyncDisposable
    {
        _started.Add(program);
        return program;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Task.WhenAll(_started.Select(program => program.DisposeAsync().AsTask()));
        }
        finally
        {
            _folder.Dispose();
        }
    }

    private Dictionary<string, string?> Variables(params (string Name, string Value)[] more)
    {
        var variables = CleanEnvironment.Variables(Home);
        variables["PLANTON_HOME"] = PathOf("planton-home");
        foreach (var (name, value) in more)
            variables[name] = value;
        return variables;
    }
}
