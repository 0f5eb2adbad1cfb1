using Planton.Cli.Files;
using Planton.Testing;

namespace Planton.Cli.Tests.Files;

/// <summary>S2: never half a file, and nobody else's to read.</summary>
public sealed class PrivateFileTests : IDisposable
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerDirectory = OwnerFile | UnixFileMode.UserExecute;
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void WhenDirectoriesAreMissing_EachIsMadeForTheOwnerAlone()
    {
        var file = Path.Combine(_folder.FullName, "a/b/c/file");

        PrivateFile.Write(file, "content");

        Assert.Equal("content", File.ReadAllText(file));
        Assert.Equal(OwnerFile, File.GetUnixFileMode(file));
        foreach (var directory in (string[])["a", "a/b", "a/b/c"])
            Assert.Equal(OwnerDirectory, File.GetUnixFileMode(Path.Combine(_folder.FullName, directory)));
    }

    [Fact]
    public void WhenAnOpenFileIsReplaced_ItIsClosedToOthers()
    {
        var file = _folder.Write("file", "old and much longer than what replaces it");
        File.SetUnixFileMode(file, OwnerFile | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        PrivateFile.Write(file, "new");

        Assert.Equal(("new", OwnerFile), (File.ReadAllText(file), File.GetUnixFileMode(file)));
    }

    [Fact]
    public void WhenTheDirectoryExists_ItsModeIsLeftAlone()
    {
        var mode = OwnerDirectory | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;
        var directory = Directory.CreateDirectory(Path.Combine(_folder.FullName, "shared")).FullName;
        File.SetUnixFileMode(directory, mode);

        PrivateFile.Write(Path.Combine(directory, "file"), "x");

        Assert.Equal(mode, File.GetUnixFileMode(directory));
    }

    [Fact]
    public void WhenTheLastStepFails_TheOldOneStaysAndNothingIsLeftBehind()
    {
        // A directory stands where the file should go: everything succeeds but the renaming.
        var target = _folder.File("target/keep");
        File.WriteAllText(target, "kept");

        Assert.ThrowsAny<IOException>(() => PrivateFile.Write(Path.GetDirectoryName(target)!, "secret"));

        Assert.Equal("kept", File.ReadAllText(target));
        Assert.Equal([Path.GetDirectoryName(target)!], Directory.GetFileSystemEntries(_folder.FullName));
    }

    [Fact]
    public void WhenAFileStandsInTheWayOfADirectory_NothingIsWritten()
    {
        var file = _folder.Write("file", "kept");

        Assert.ThrowsAny<IOException>(() => PrivateFile.Write(Path.Combine(file, "credentials.json"), "secret"));

        Assert.Equal("kept", File.ReadAllText(file));
        Assert.Single(Directory.GetFileSystemEntries(_folder.FullName));
    }

    [Fact]
    public void WhenTheTargetIsALink_ItIsReplacedAndWhatItPointedToIsNotWritten()
    {
        var victim = _folder.Write("victim", "untouched");
        var link = Path.Combine(_folder.FullName, "credentials.json");
        File.CreateSymbolicLink(link, victim);

        PrivateFile.Write(link, "secret");

        Assert.Equal("untouched", File.ReadAllText(victim));
        Assert.Equal("secret", File.ReadAllText(link));
        Assert.Null(File.ResolveLinkTarget(link, returnFinalTarget: false));
    }

    [Fact]
    public async Task WhenManyWriteAtOnce_AReaderAlwaysSeesOneWholeContent()
    {
        var file = _folder.Write("file", Content(0));
        using var done = new CancellationTokenSource();
        var reader = Task.Run(
            () =>
            {
                var reads = 0;
                while (!done.IsCancellationRequested || reads == 0)
                {
                    var text = File.ReadAllText(file);
                    Assert.Equal(Content(text[0] - 'a'), text);
                    reads++;
                }
            },
            TestContext.Current.CancellationToken);

        await Parallel.ForAsync(0, 200, TestContext.Current.CancellationToken, (number, _) =>
        {
            PrivateFile.Write(file, Content(number % 20));
            return ValueTask.CompletedTask;
        });
        await done.CancelAsync();
        await reader;

        Assert.Equal([file], Directory.GetFiles(_folder.FullName));

        static string Content(int number) => new((char)('a' + number), 10_000 + number);
    }

    [Theory]
    [InlineData(UnixFileMode.None, false)]
    [InlineData(UnixFileMode.GroupRead, true)]
    [InlineData(UnixFileMode.GroupWrite, true)]
    [InlineData(UnixFileMode.OtherRead, true)]
    [InlineData(UnixFileMode.OtherWrite, true)]
    [InlineData(UnixFileMode.UserExecute, false)]
    public void WhenOthersCanReadOrWrite_ItIsNoticed(UnixFileMode extra, bool expected)
    {
        var file = _folder.Write("file", "");
        File.SetUnixFileMode(file, OwnerFile | extra);

        Assert.Equal(expected, PrivateFile.IsReadableByOthers(file));
    }

    public void Dispose() => _folder.Dispose();
}
