using Planton.Server.Hosting;

namespace Planton.Server.Storage;

/// <summary>The folder that holds everything this server remembers. Ours alone while it is open.</summary>
internal sealed class DataDirectory : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream? _lock;

    private DataDirectory(string path, FileStream? @lock) => (Path, _lock) = (path, @lock);

    public string Path { get; }

    /// <summary>Makes the folder if it is missing, closes it to others, and takes its lock.</summary>
    /// <exception cref="StartupException">It cannot be used, or another server uses it.</exception>
    public static DataDirectory Open(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(full);
            }
            else
            {
                Directory.CreateDirectory(full, OwnerOnly);
                // It may have been there before, made by somebody with another umask.
                File.SetUnixFileMode(full, OwnerOnly);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"--data: {full} cannot be used: {exception.Message}", exception);
        }

        return new DataDirectory(full, Lock(full));
    }

    /// <summary>
    /// Without its lock, for commands that work beside a running server: they may change the database, whose own locks they
    /// share with it, and no file of the folder.
    /// </summary>
    public static DataDirectory OpenShared(string path) => new(System.IO.Path.GetFullPath(path), null);

    public string PathOf(string file) => System.IO.Path.Combine(Path, file);

    public void Dispose() => _lock?.Dispose();

    private static FileStream Lock(string directory)
    {
        var file = System.IO.Path.Combine(directory, "lock");
        try
        {
            // An advisory lock of the open file: the system lets go of it when the process ends, however it ends.
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"--data: {directory} is in use by another server ({file} is locked)", exception);
        }
    }
}
