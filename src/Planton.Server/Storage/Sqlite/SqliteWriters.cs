using System.Data.Common;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Planton.Server.Storage.Sqlite;

/// <summary>
/// Lets nothing be written to a file that was deleted, moved away or replaced: with a write-ahead log SQLite goes on writing to what it
/// has open, and what it had answered would be gone with this process.
/// </summary>
internal sealed class SqliteWriters : DbTransactionInterceptor
{
    // SQLITE_FCNTL_HAS_MOVED: https://www.sqlite.org/c3ref/c_fcntl_begin_atomic_write.html
    private const int HasMoved = 20;

    public override DbTransaction TransactionStarted(DbConnection connection, TransactionEndEventData eventData, DbTransaction result) =>
        throw new NotSupportedException("Use BeginTransactionAsync");

    public override ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default) =>
        FileControl(((SqliteConnection)connection).Handle!, 0, HasMoved, out var moved) == 0 && moved != 0
            ? throw new DatabaseFaultException(DatabaseFault.Missing)
            : ValueTask.FromResult(result);

    // The driver offers no call of its own for it.
    [DllImport("e_sqlite3", EntryPoint = "sqlite3_file_control")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FileControl(SQLitePCL.sqlite3 database, nint name, int operation, out int argument);
}
