using Planton.Server.Hosting;
using Planton.Server.Storage;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Storage;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AFileIsReplacedWholeAndIsForTheOwnerAlone()
    {
        var file = _folder.File("file");
        await File.WriteAllTextAsync(file, "old and longer", Cancellation);
        FileModes.Set(file, "644");
        await AtomicFile.WriteAsync(file, "new"u8.ToArray(), Cancellation);
        Assert.Equal("new", await File.ReadAllTextAsync(file, Cancellation));
        Assert.Equal("600", FileModes.Of(file));
        Assert.Single(Directory.EnumerateFiles(_folder.FullName));
    }

    [Fact]
    public async Task WhenItCannotBeWritten_TheOldOneStaysAndNothingIsLeft()
    {
        var file = _folder.File("file");
        await File.WriteAllTextAsync(file, "old", Cancellation);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AtomicFile.WriteAsync(file, "new"u8.ToArray(), cancelled.Token));
        Assert.Equal("old", await File.ReadAllTextAsync(file, Cancellation));
        Assert.Single(Directory.EnumerateFiles(_folder.FullName));
    }

    [Fact]
    public void AFolderThatCannotBeMadeIsNamed()
    {
        var file = _folder.File("file");
        File.WriteAllText(file, "");
        var refused = Assert.Throws<StartupException>(() => DataDirectory.Open(Path.Combine(file, "data")));
        Assert.StartsWith("--data: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(file, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALockIsFreedWhenTheFolderIsClosed()
    {
        DataDirectory.Open(_folder.Data).Dispose();
        using var again = DataDirectory.Open(_folder.Data);
        Assert.Throws<StartupException>(() => DataDirectory.Open(_folder.Data));
    }
}
