using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Planton.Server.Hosting;

namespace Planton.Server.Storage.Sqlite;

internal sealed class SqliteMigrator(IDbContextFactory<SqliteControlPlaneContext> contexts, string databaseFile) : IDatabaseMigrator
{
    // https://www.sqlite.org/rescode.html
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    public async Task<bool> IsEmptyAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(databaseFile))
            return true;
        var empty = false;
        await TryAsync(async () =>
        {
            var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
            await using var _ = context.ConfigureAwait(false);
            empty = !(await context.Database.GetAppliedMigrationsAsync(cancellationToken).ConfigureAwait(false)).Any();
        }).ConfigureAwait(false);
        return empty;
    }

    public Task MigrateAsync(CancellationToken cancellationToken) => TryAsync(() => OpenAsync(cancellationToken));

    private async Task TryAsync(Func<Task> use)
    {
        try
        {
            await use().ConfigureAwait(false);
        }
        catch (SqliteException exception)
        {
            throw new StartupException($"the database {databaseFile} cannot be used: {Reason(exception)}", exception);
        }
    }

    private static string Reason(SqliteException exception) => exception.SqliteErrorCode switch
    {
        NotADatabase or Corrupt => "it is damaged; put back a copy of it from a backup, with its -wal file",
        _ => exception.Message,
    };

    private async Task OpenAsync(CancellationToken cancellationToken)
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
