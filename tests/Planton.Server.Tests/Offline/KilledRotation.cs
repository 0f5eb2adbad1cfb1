using System.Diagnostics;
using Planton.Server.Hosting;
using Planton.Server.Offline;
using Planton.Server.Tests.Fixture;
using Planton.Testing.Processes;
using Planton.Testing.Programs;

namespace Planton.Server.Tests.Offline;

/// <summary>
/// A change of the master key in a <c>planton-server</c> process that sends itself SIGKILL at a step. The program has no switch for
/// that: <see cref="StartupHook"/> runs the change inside of it, with the callback that reports its steps.
/// </summary>
internal static class KilledRotation
{
    /// <summary>128 and the number of SIGKILL: what the exit code of a killed process is.</summary>
    public const int ExitCode = 137;

    private const string Step = "KILLED_ROTATION_STEP";
    private const string Data = "KILLED_ROTATION_DATA";
    private const string Database = "KILLED_ROTATION_DATABASE";
    private const string KeyFile = "KILLED_ROTATION_KEY_FILE";
    private const string NewKeyFile = "KILLED_ROTATION_NEW_KEY_FILE";

    /// <summary>Runs it to the step, and fails unless the process was killed there.</summary>
    public static async Task RunAsync(
        TemporaryFolder folder, DatabaseKind database, MasterKeyStep step, string? keyFile, string? newKeyFile, CancellationToken cancellationToken)
    {
        var variables = CleanEnvironment.Variables(folder.FullName);
        variables["DOTNET_STARTUP_HOOKS"] = typeof(KilledRotation).Assembly.Location;
        variables[Step] = step.ToString();
        variables[Data] = folder.Data;
        variables[Database] = database == DatabaseKind.PostgreSql ? TestDatabase.EmptyUrl(folder) : null;
        variables[KeyFile] = keyFile;
        variables[NewKeyFile] = newKeyFile;
        // Without the hook this command would fail, because it is given no data folder.
        var result = await ProgramProcess.RunAsync(ProgramFiles.Server, ["master-key", "rotate"], variables, cancellationToken: cancellationToken);
        Assert.True(result.ExitCode == ExitCode, $"not killed at {step}: {result}");
    }

    /// <summary>In the child process. Nothing here may need an assembly that the program does not bring.</summary>
    public static void RunInChild()
    {
        var step = Enum.Parse<MasterKeyStep>(Environment.GetEnvironmentVariable(Step)!);
        var (options, faults) = ServerOptionsReader.Read(new ServerSettings
        {
            Data = Environment.GetEnvironmentVariable(Data),
            Database = Environment.GetEnvironmentVariable(Database),
            MasterKeyFile = Environment.GetEnvironmentVariable(KeyFile),
        });
        if (faults.Count > 0)
            throw new InvalidOperationException(string.Join("; ", faults));
        using var self = Process.GetCurrentProcess();
        new MasterKeyRotation(options, Environment.GetEnvironmentVariable(NewKeyFile), reached =>
        {
            if (reached == step)
                self.Kill();
        }).RunAsync(CancellationToken.None).GetAwaiter().GetResult();
    }
}
