using Microsoft.EntityFrameworkCore;

namespace Planton.Server.Storage.Sqlite;

internal sealed class SqliteMigrator(IDbContextFactory<SqliteControlPlaneContext> contexts, string databaseFile) : IDatabaseMigrator
{
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        // Made here with its mode, because SQLite would give it the umask's; its log files take the mode from it.
        if (!File.Exists(databaseFile))
            await AtomicFile.OpenNew(databaseFile).DisposeAsync().ConfigureAwait(false);
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        // Readers go on while one writes. Kept in the file itself.
        await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL;", cancellationToken).ConfigureAwait(false);
        await context.Database.MigrateAsync(cancellationToken).ConfigureAwait(false);
    }
}
