using Microsoft.EntityFrameworkCore;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Users;

/// <summary>The modes of what the first start creates in the data folder, which with SQLite holds the database too.</summary>
public sealed class FirstStartFilesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OnlyTheOwnerMayReadWhatIsSecret()
    {
        await using var server = await ServerFixture.StartAsync(fresh: true);
        Assert.Equal("700", FileModes.Of(server.Folder.Data));
        string[] files = ["initial-admin-key", "master-key", "server-certificate.sealed", "planton.db", "planton.db-wal", "addresses.json"];
        // The log of the database is there while a connection is open.
        await server.QueryAsync(async context =>
        {
            await context.Database.OpenConnectionAsync(Cancellation);
            Assert.All(files, file => Assert.Equal("600", FileModes.Of(Path.Combine(server.Folder.Data, file))));
            return 0;
        });
    }

    [Fact]
    public async Task AFolderThatOthersCouldReadIsClosed()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Data);
        FileModes.Set(folder.Data, "755");
        await using var server = await ServerFixture.StartInAsync(folder);
        Assert.Equal("700", FileModes.Of(folder.Data));
    }
}
