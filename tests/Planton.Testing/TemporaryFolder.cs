namespace Planton.Testing;

/// <summary>A folder of the test's own (0700), removed with everything in it at dispose.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Makes the folder.</summary>
    public TemporaryFolder()
    {
        FullName = Directory.CreateTempSubdirectory("planton-test-").FullName;
        if (!OperatingSystem.IsWindows())
            System.IO.File.SetUnixFileMode(FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>The folder's full path.</summary>
    public string FullName { get; }

    /// <summary>The full path of a file in it; folders on the way are made, the file is not.</summary>
    public string File(string relativePath)
    {
        var path = Path.Combine(FullName, relativePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    /// <summary>Writes a file in it, and returns its full path.</summary>
    public string Write(string relativePath, string content)
    {
        var path = File(relativePath);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(FullName, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // A test may remove its own folder.
        }
    }
}
