using Planton.Server.Audit;
using Planton.Server.CertificateAuthority;
using Planton.Server.Encryption;
using Planton.Server.Hosting;

namespace Planton.Server.Storage;

/// <summary>The folder that holds everything this server remembers. Ours alone while it is open.</summary>
internal sealed class DataDirectory : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>There from the first start's beginning to its end: a new control plane may be begun, also after a crash.</summary>
    public const string FirstStartName = "first-start";

    // What a first start leaves, whichever the database. Where one of them is, the database held a control plane.
    private static readonly string[] LeftByAStart =
        [MasterKeyFile.DefaultName, MasterKeyFile.NextName, AuditMark.FileName, AuditMark.NextFileName, ServerCertificateStore.FileName];

    private readonly FileStream? _lock;

    private DataDirectory(string path, FileStream? @lock) => (Path, _lock) = (path, @lock);

    public string Path { get; }

    /// <summary>Whether a new control plane may be begun: nothing here says that there was one before.</summary>
    public bool IsFirstStart => File.Exists(PathOf(FirstStartName));

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

    /// <summary>To be called before anything is made in the folder.</summary>
    public DataDirectory BeginFirstStart()
    {
        if (!IsFirstStart && !LeftByAStart.Any(file => File.Exists(PathOf(file))))
            AtomicFile.OpenNew(PathOf(FirstStartName)).Dispose();
        return this;
    }

    /// <summary>To be called when everything that a control plane needs is made.</summary>
    public void EndFirstStart() => File.Delete(PathOf(FirstStartName));

    /// <summary>What is thrown instead of beginning a new control plane where there was one.</summary>
    /// <param name="found">What the database holds, such as "nothing".</param>
    public StartupException NotNew(string found) => new(
        $"the database holds {found}, and {Path} is of a control plane that was started before: no new one is begun in its place. Put back a backup of the database, "
        + "or give the --database that belongs to this folder; for a new control plane, give another --data folder");

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
