using System.Runtime.InteropServices;

namespace Planton.Cli.Hosting;

/// <summary>
/// Replaces this process (execve), so that signals, the process id and the exit code are the program's own: a service
/// manager sees one process, not a parent that has to forward everything.
/// </summary>
internal sealed partial class ExecProgramLauncher : IProgramLauncher
{
    public Task<int> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var environment = Environment.GetEnvironmentVariables();
        string?[] variables = [.. environment.Keys.Cast<string>().Select(name => $"{name}={environment[name]}"), null];
        // Returns only when it failed.
        _ = Execute(program, [program, .. arguments, null], variables);
        throw new IOException($"{program} cannot be started: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
    }

    [LibraryImport("libc", EntryPoint = "execve", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string program, string?[] arguments, string?[] environment);
}
