using Planton.Runner.Files;
using Planton.Testing;

namespace Planton.Runner.Tests;

public sealed class MountedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ALinkThatLeadsNowhereDoesNotExist_OneThatLeadsToAFileDoes()
    {
        var (file, link) = (_folder.File("..data/token"), _folder.File("token"));
        File.CreateSymbolicLink(link, Path.Combine("..data", "token"));
        Assert.False(MountedFile.Exists(link));
        Assert.ThrowsAny<IOException>(() => MountedFile.Read(link, 10));

        File.WriteAllText(file, "hello");
        Assert.True(MountedFile.Exists(link));
        Assert.Equal("hello", MountedFile.Read(link, 5));
        Assert.True(MountedFile.Exists(file));
        Assert.False(MountedFile.Exists(_folder.File("other")));
    }

    [Fact]
    public void TheBoundIsThatOfTheFileAndNotOfItsLink()
    {
        var link = _folder.File("token");
        File.CreateSymbolicLink(link, _folder.Write("a-rather-long-name-of-a-file", "123456"));
        Assert.Null(MountedFile.Read(link, 5));
        Assert.Equal("123456", MountedFile.Read(link, 6));
    }

    [Fact]
    public void ALinkToItselfIsNoFile()
    {
        var link = _folder.File("loop");
        File.CreateSymbolicLink(link, "loop");
        Assert.False(MountedFile.Exists(link));
    }
}
