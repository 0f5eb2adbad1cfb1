namespace Planton.Runner.Credentials;

/// <summary>
/// A credentials file that other users can read is refused, with the chmod that mends it. A file whose mode this process may not
/// change is taken as it is: there the advice could not be followed, and it is the normal case of mounted secrets. Kubernetes
/// projects a Secret as root-owned files of mode 0644 on a read-only mount, and Docker does the like; who may enter that
/// container decides who reads them, not the mode bits.
/// </summary>
internal static class CredentialsFilePermissions
{
    private const UnixFileMode Exposed =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Null when the file may be used; else what is wrong, to follow the file's name.</summary>
    public static string? Check(string path)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path))
            return null;
        var mode = File.GetUnixFileMode(path);
        return (mode & Exposed) != 0 && MayChange(path, mode)
            ? $"can be read or changed by other users (mode {Convert.ToString((int)mode, 8).PadLeft(4, '0')}). Mend it: chmod 600 '{path}'"
            : null;
    }

    // Only the owner (and root) may set a mode, and nobody on a read-only mount: setting the mode that is there already asks the
    // kernel both questions and changes nothing.
    private static bool MayChange(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
            return false;
        try
        {
            File.SetUnixFileMode(path, mode);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
