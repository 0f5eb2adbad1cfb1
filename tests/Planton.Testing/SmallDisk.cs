using Planton.Testing.Processes;

namespace Planton.Testing;

/// <summary>A file system of its own in memory, small enough to be filled. Mounting needs root: without it the test is skipped.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private bool _mounted;

    private SmallDisk()
    {
    }

    /// <summary>Where it is mounted.</summary>
    public string FullName => _folder.FullName;

    private string Filler => Path.Combine(FullName, "filler");

    /// <summary>Mounts one.</summary>
    /// <param name="mebibytes">Its size.</param>
    /// <param name="cancellationToken">The test's own end.</param>
    public static async Task<SmallDisk> MountAsync(int mebibytes, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            RequiredTool.Missing("a full disk is made by mounting a small one, which needs root on Linux");
        var disk = new SmallDisk();
        var mount = await ProgramProcess.RunAsync(
            RequiredTool.OnPath("mount", "mount"), ["-t", "tmpfs", "-o", $"size={mebibytes}m,mode=0700", "planton-test", disk.FullName], cancellationToken: cancellationToken);
        disk._mounted = mount.ExitCode == 0;
        if (disk._mounted)
            return disk;
        await disk.DisposeAsync();
        RequiredTool.Missing($"a file system cannot be mounted here: {mount.Error.Trim()}");
        return disk;
    }

    /// <summary>Leaves no free byte on it.</summary>
    public void Fill()
    {
        using var file = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        foreach (var size in new[] { 65_536, 4_096, 1 })
        {
            var block = new byte[size];
            try
            {
                while (true)
                {
                    file.Write(block);
                }
            }
            catch (IOException)
            {
                // Full for blocks of this size.
            }
        }
    }

    /// <summary>Gives back what <see cref="Fill"/> took.</summary>
    public void Empty() => File.Delete(Filler);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_mounted)
            await ProgramProcess.RunAsync("umount", ["--lazy", FullName], cancellationToken: CancellationToken.None);
        _folder.Dispose();
    }
}
