using System.Text;

namespace Planton.Runner.Files;

/// <summary>
/// Files that may be symbolic links, as Kubernetes mounts them. <see cref="File.Exists"/> and <see cref="FileInfo.Length"/> tell
/// of the link: one that leads nowhere "exists", and a huge file behind one is a few bytes long.
/// </summary>
internal static class MountedFile
{
    public static bool Exists(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true) is { } target ? target.Exists : File.Exists(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The text of the file; null when it is longer than <paramref name="maxBytes"/>.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static string? Read(string path, int maxBytes)
    {
        // One handle for both questions, so that it is the file that was measured that is read.
        using var file = File.OpenRead(path);
        if (file.Length > maxBytes)
            return null;
        using var reader = new StreamReader(file, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
