using Planton.Runner.Startup;
using Planton.Testing;
using Planton.Testing.Processes;

namespace Planton.Runner.Tests;

/// <summary>The folder that the runner writes to must be its own.</summary>
public sealed class StateDirectoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AFolderThatIsMissing_IsMadeForItsOwnerAlone()
    {
        Assert.Null(StateDirectory.Prepare(_folder.File("state")));
        Assert.Equal("0700", Octal(_folder.File("state")));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.File("state")));
        Assert.Null(StateDirectory.Prepare(_folder.File("state")));
    }

    [Theory]
    [InlineData("0755")]
    [InlineData("0750")]
    [InlineData("0500")]
    public void OthersMayLookIntoIt(string mode)
    {
        Assert.SkipWhen(mode == "0500" && !Environment.IsPrivilegedProcess, "its owner could not write to it");
        Assert.Null(StateDirectory.Prepare(Make(mode)));
    }

    [Theory]
    [InlineData("0777")]
    [InlineData("1777")]
    [InlineData("0770")]
    [InlineData("0722")]
    public void ButNotWriteToIt(string mode)
    {
        var folder = Make(mode);

        var failure = StateDirectory.Prepare(folder)!;

        Assert.Equal(ExitCode.Configuration, failure.ExitCode);
        Assert.Contains($"--state-dir {folder} can be written to by other users (mode {mode}). Mend it: chmod go-w '{folder}'", failure.Why, StringComparison.Ordinal);
        Assert.Contains($"--state-dir '{folder}/runner'", failure.Why, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public void NeitherThroughALink()
    {
        var folder = Make("0777");
        Directory.CreateSymbolicLink(_folder.File("link"), folder);

        Assert.Contains("can be written to by other users", StateDirectory.Prepare(_folder.File("link"))!.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFolderOfAnotherUser_IsNotUsed_EvenWhereThisOneMayWrite()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, who may write everywhere");
        var folder = Make("0700");
        Assert.Equal(0, (await ProgramProcess.RunAsync("chown", ["65534", folder], cancellationToken: TestContext.Current.CancellationToken)).ExitCode);

        var failure = StateDirectory.Prepare(folder)!;

        Assert.Equal(ExitCode.Configuration, failure.ExitCode);
        Assert.Contains($"--state-dir {folder} belongs to another user (id 65534) than the runner's (id 0). Mend it: chown 0 '{folder}'", failure.Why, StringComparison.Ordinal);
    }

    private string Make(string mode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no modes");
        var folder = Directory.CreateDirectory(_folder.File("state")).FullName;
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, (UnixFileMode)Convert.ToInt32(mode, 8));
        return folder;
    }

    private static string Octal(string path) =>
        OperatingSystem.IsWindows() ? "" : Convert.ToString((int)File.GetUnixFileMode(path), 8).PadLeft(4, '0');
}
