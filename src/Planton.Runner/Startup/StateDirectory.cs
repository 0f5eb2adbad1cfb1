namespace Planton.Runner.Startup;

/// <summary>
/// The one folder that the runner may write to, for certificates that it renews itself. Checked at start, so that a
/// read-only volume is found then and not months later.
/// </summary>
internal static class StateDirectory
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static StartFailure? Prepare(string? folder)
    {
        if (folder is null)
            return null;
        try
        {
            var full = Path.GetFullPath(folder);
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(full);
            else if (!Directory.Exists(full))
                Directory.CreateDirectory(full, Private);
            var probe = Path.Combine(full, $".writable-{Guid.NewGuid():N}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return StartFailure.Configuration(StartStep.Settings, $"--state-dir {folder} is not a folder that the runner can write to: {e.Message}");
        }
    }
}
