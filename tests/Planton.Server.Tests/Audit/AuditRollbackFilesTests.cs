using Microsoft.EntityFrameworkCore;
using Planton.Server.Hosting;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Audit;

/// <summary>The files of SQLite in an earlier state: by a copy that is put back, or by a write-ahead log that was cut.</summary>
public sealed class AuditRollbackFilesTests : IDisposable
{
    private const int Filled = 5;

    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _copy = new();

    // Never in the first one's place: the connections of this process stay with the files that they opened.
    private readonly TemporaryFolder _rolledBack = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _folder.Dispose();
        _copy.Dispose();
        _rolledBack.Dispose();
    }

    [Fact]
    public async Task AnOldCopyOfTheDatabaseFile_EndsTheStart()
    {
        await FillAsync(_folder);
        Copy(_folder, _copy, _ => true);
        await FillAsync(_folder);

        Copy(_folder, _rolledBack, file => !IsOfDatabase(file));
        Copy(_copy, _rolledBack, IsOfDatabase);

        await RefusedAsync(1 + Filled, 1 + (2 * Filled));
    }

    [Fact]
    public async Task AWriteAheadLogThatWasCut_EndsTheStart()
    {
        await FillAsync(_folder, async context =>
        {
            await context.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)", Cancellation);
        });
        Assert.True(new FileInfo(Path.Combine(_folder.Data, "planton.db-wal")).Length > 0, "what was recorded last is in the log");

        Copy(_folder, _rolledBack, file => file != "planton.db-wal");

        await RefusedAsync(1, 1 + Filled);
    }

    private static bool IsOfDatabase(string file) => file.StartsWith("planton.db", StringComparison.Ordinal);

    private static void Copy(TemporaryFolder from, TemporaryFolder to, Func<string, bool> which)
    {
        Directory.CreateDirectory(to.Data);
        foreach (var file in Directory.GetFiles(from.Data).Select(Path.GetFileName).Where(file => file != "planton.db-shm" && which(file!)))
            File.Copy(Path.Combine(from.Data, file!), Path.Combine(to.Data, file!));
    }

    private static async Task FillAsync(TemporaryFolder folder, Func<DbContext, Task>? before = null)
    {
        if (!Directory.Exists(folder.Data))
            await ServerTemplate.CopyToAsync(folder, DatabaseKind.Sqlite);
        await using var server = await ServerFixture.StartInAsync(folder);
        if (before is not null)
        {
            await server.QueryAsync(async context =>
            {
                await before(context);
                return 0;
            });
        }

        await server.FillAsync(Filled);
    }

    private async Task RefusedAsync(int ends, int seen)
    {
        var refused = await Assert.ThrowsAsync<StartupException>(() => ServerFixture.StartInAsync(_rolledBack));
        Assert.Contains($"it ends at record {ends}, and this server has seen record {seen}", refused.Message, StringComparison.Ordinal);
    }
}
