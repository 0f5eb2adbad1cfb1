using Npgsql;

namespace Planton.Server.Storage.PostgreSql;

/// <summary>By https://www.postgresql.org/docs/current/errcodes-appendix.html, and what the driver throws of its own.</summary>
internal static class PostgreSqlFaults
{
    public static DatabaseFault? Of(NpgsqlException exception) => exception switch
    {
        PostgresException answered => OfState(answered.SqlState),
        NpgsqlOperationInProgressException => null,
        { InnerException: TimeoutException } => DatabaseFault.Unanswered,
        _ => DatabaseFault.Unreachable,
    };

    private static DatabaseFault? OfState(string state) => state switch
    {
        PostgresErrorCodes.ReadOnlySqlTransaction => DatabaseFault.ReadOnly,
        PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.DatabaseDropped => DatabaseFault.Missing,
        PostgresErrorCodes.DiskFull => DatabaseFault.DatabaseDiskFull,
        PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled => DatabaseFault.Busy,
        // By class from here. A shutdown, a crash, a start that is not over; a broken connection; a login that is refused.
        ['5', '7', ..] or ['0', '8', ..] or ['2', '8', ..] => DatabaseFault.Unreachable,
        // Too many connections, out of memory; a deadlock, a conflict that a repetition solves.
        ['5', '3', ..] or ['4', '0', ..] => DatabaseFault.Busy,
        ['5', '8', ..] => DatabaseFault.DiskFailed,
        ['X', 'X', ..] => DatabaseFault.Damaged,
        _ => null,
    };
}
