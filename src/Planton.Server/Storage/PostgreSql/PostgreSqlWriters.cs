using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Planton.Server.Storage.PostgreSql;

/// <summary>
/// One transaction at a time, as in SQLite, on all nodes together: whoever looks and then writes finds what was there still there.
/// They would wait for each other at the audit trail's head anyway. The lock goes with the transaction, however that ends.
/// </summary>
internal sealed class PostgreSqlWriters : DbTransactionInterceptor
{
    // "planton" in ASCII: other users of the same database have numbers of their own.
    private const string Commands = "SET LOCAL lock_timeout = '10s'; SELECT pg_advisory_xact_lock(31644363112345454);";

    public override DbTransaction TransactionStarted(DbConnection connection, TransactionEndEventData eventData, DbTransaction result) =>
        throw new NotSupportedException("Use BeginTransactionAsync");

    public override async ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        var command = connection.CreateCommand();
        await using (command.ConfigureAwait(false))
        {
            command.Transaction = result;
            command.CommandText = Commands;
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }

        return result;
    }
}
