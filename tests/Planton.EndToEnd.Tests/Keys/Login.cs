using Planton.EndToEnd.Tests.Installations;
using Planton.Testing.Processes;
using Planton.Testing.Programs;

namespace Planton.EndToEnd.Tests.Keys;

/// <summary>A folder of configuration of its own, as a second user of the same machine has it, and the command line that uses it.</summary>
internal sealed class Login(PlantonInstallation installation, string name)
{
    /// <summary>The folder behind <c>PLANTON_HOME</c>.</summary>
    public string Home { get; } = installation.PathOf($"home-of-{name}");

    public string ConfigFile => Path.Combine(Home, "config.yaml");

    /// <summary>The server's name in the configuration.</summary>
    public string Server => new Uri(installation.Server.Addresses.Http).Authority;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Runs <c>planton auth login</c> with a key on standard input.</summary>
    public async Task<ProgramResult> WithAsync(string key, params string[] more)
    {
        var result = await ProgramProcess.RunAsync(
            ProgramFiles.Cli,
            ["auth", "login", "--server", installation.Server.Addresses.Http, "--api-key", "-", .. more],
            installation.Variables(("PLANTON_HOME", Home)),
            key + "\n",
            cancellationToken: Token);
        Assert.True(result.ExitCode == 0, result.ToString());
        return result;
    }

    public Task<ProgramResult> PlantonAsync(params string[] arguments) => installation.PlantonWithAsync([("PLANTON_HOME", Home)], arguments);

    public async Task<string> SucceedAsync(params string[] arguments)
    {
        var result = await PlantonAsync(arguments);
        Assert.True(result.ExitCode == 0, $"planton {string.Join(' ', arguments)}: {result}");
        return result.Output;
    }

    /// <summary>The configuration as it is on disk, which its owner alone can read.</summary>
    public async Task<string> ReadConfigAsync()
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(ConfigFile));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Home));
        }

        return await File.ReadAllTextAsync(ConfigFile, Token);
    }
}
