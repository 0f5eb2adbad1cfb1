using System.Text;
using Planton.Cli.Invocation;

namespace Planton.Cli.Files;

/// <summary>
/// The right to change a file, as kubectl takes it: <c>FILE.lock</c>, made by whoever has it and removed afterwards. Where the file is
/// a symbolic link, what it leads to is locked as well.
/// </summary>
internal sealed class FileLock : IDisposable
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);
    private const int FileExists = 17;
    private const int FileExistsOnWindows = 80;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(25);
    private readonly Stack<string> _held = new();

    private FileLock()
    {
    }

    /// <summary>Waits for whoever has it.</summary>
    /// <returns>The lock, or why there is none.</returns>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static async Task<(FileLock? Lock, CliError? Error)> TakeAsync(
        string path, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        var taken = new FileLock();
        try
        {
            foreach (var file in (string[])[Path.GetFullPath(path), PrivateFile.TargetOf(path)])
            {
                var name = file + ".lock";
                if (taken._held.Contains(name))
                    continue;
                if (!await taken.TryAddAsync(name, timeout, time, cancellationToken).ConfigureAwait(false))
                {
                    taken.Dispose();
                    return (null, InUse(path, name, timeout));
                }
            }

            return (taken, null);
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        while (_held.TryPop(out var name))
            File.Delete(name);
    }

    private async Task<bool> TryAddAsync(string name, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        PrivateFile.CreateDirectory(Path.GetDirectoryName(name)!);
        for (var began = time.GetTimestamp(); ;)
        {
            if (TryMake(name))
            {
                _held.Push(name);
                return true;
            }

            if (time.GetElapsedTime(began) >= timeout)
                return false;
            await Task.Delay(Poll, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool TryMake(string name)
    {
        try
        {
            using var file = new FileStream(name, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            file.Write(Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"));
            return true;
        }
        catch (IOException e) when ((e.HResult & 0xFFFF) is FileExists or FileExistsOnWindows)
        {
            return false;
        }
    }

    private static CliError InUse(string path, string name, TimeSpan timeout) => new(
        $"{path} was not changed: {name} has been there for {timeout.TotalSeconds:0.#} s, so another program is changing it, or one ended before it was done",
        $"Try again; if no planton or kubectl is running: rm '{name}'");
}
