using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Planton.Server.Storage.PostgreSql;

/// <summary>
/// One transaction at a time, as in SQLite, on all nodes together: whoever looks and then writes finds what was there still there.
/// They would wait for each other at the audit trail's head anyway. The lock goes with the transaction, however that ends.
/// </summary>
/// <param name="timeout">How long a writer waits for the one before.</param>
internal sealed class PostgreSqlWriters(TimeSpan timeout) : DbTransactionInterceptor
{
    // "planton" in ASCII: other users of the same database have numbers of their own.
    private const string Lock = "SELECT pg_advisory_xact_lock(31644363112345454);";

    // Before the statement's own limit, which would cost the connection.
    private readonly string _commands = string.Create(
        CultureInfo.InvariantCulture, $"SET LOCAL lock_timeout = {(int)timeout.TotalMilliseconds * 9 / 10}; {Lock}");

    public override DbTransaction TransactionStarted(DbConnection connection, TransactionEndEventData eventData, DbTransaction result) =>
        throw new NotSupportedException("Use BeginTransactionAsync");

    public override async ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        var command = connection.CreateCommand();
        await using (command.ConfigureAwait(false))
        {
            command.Transaction = result;
            command.CommandText = _commands;
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }

        return result;
    }
}
