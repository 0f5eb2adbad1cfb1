using System.Formats.Tar;
using System.Globalization;

namespace Planton.Runner.Startup;

/// <summary>
/// The one folder that the runner may write to, for certificates that it renews itself. Checked at start, so that a
/// read-only volume is found then and not months later, and one in which others could put a key of theirs is not used at all.
/// </summary>
internal static class StateDirectory
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

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
            // What is checked is the folder, and not a link to it.
            full = Directory.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
            var probe = Path.Combine(full, $".writable-{Guid.NewGuid():N}");
            File.WriteAllBytes(probe, []);
            try
            {
                return Exposure(full, probe) is { } why ? Fault($"--state-dir {folder} {why}") : null;
            }
            finally
            {
                File.Delete(probe);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Fault($"--state-dir {folder} is not a folder that the runner can write to: {e.Message}");
        }
    }

    // Whoever may write there, or owns it, may put another file in the place of the runner's own.
    private static string? Exposure(string folder, string ownFile)
    {
        if (OperatingSystem.IsWindows())
            return null;
        var mode = File.GetUnixFileMode(folder);
        if ((mode & WritableByOthers) != 0)
        {
            return $"can be written to by other users (mode {Convert.ToString((int)mode, 8).PadLeft(4, '0')}). "
                + $"Mend it: chmod go-w '{folder}', or name a folder in it that the runner makes: --state-dir '{Path.Combine(folder, "runner")}'";
        }

        var (owner, user) = (OwnerOf(folder), OwnerOf(ownFile));
        return owner == user
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"belongs to another user (id {owner}) than the runner's (id {user}). Mend it: chown {user} '{folder}', or name a folder of the runner's own");
    }

    // The framework tells a file's owner to nobody but its archives.
    private static int OwnerOf(string path)
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
            writer.WriteEntry(path, "x");
        archive.Position = 0;
        using var reader = new TarReader(archive);
        return reader.GetNextEntry()!.Uid;
    }

    private static StartFailure Fault(string why) => StartFailure.Configuration(StartStep.Settings, why);
}
