using System.ComponentModel;
using System.Diagnostics;

namespace Planton.Cli.Hosting;

/// <summary>Runs the program as a child and waits for it, where a process cannot be replaced (Windows).</summary>
internal sealed class ChildProgramLauncher : IProgramLauncher
{
    public async Task<int> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false })
                ?? throw new IOException($"{program} cannot be started");
            // Ctrl-C reaches the child too, which then ends by itself; leaving before it would hide its last words.
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            return process.ExitCode;
        }
        catch (Win32Exception failure)
        {
            throw new IOException($"{program} cannot be started: {failure.Message}", failure);
        }
    }
}
