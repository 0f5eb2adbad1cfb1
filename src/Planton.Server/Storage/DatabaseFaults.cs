using Microsoft.Data.Sqlite;
using Npgsql;
using Planton.Server.Storage.PostgreSql;
using Planton.Server.Storage.Sqlite;

namespace Planton.Server.Storage;

/// <summary>
/// The one place that tells an outage of the database from a bug, on both databases: by the types of exceptions, the SQLSTATE and
/// SQLite's result codes. Drivers and Entity Framework wrap them in types that say nothing, so every inner exception is looked at.
/// </summary>
internal static class DatabaseFaults
{
    // ENOSPC. On Unix an IOException's HResult is the error number.
    private const int NoSpaceLeft = 28;

    /// <summary>Null when it is none.</summary>
    public static DatabaseFault? Of(Exception? exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (OfOne(inner) is { } fault)
                return fault;
        }

        return null;
    }

    /// <summary>For people who are not told where what is: a clause without addresses, paths and names.</summary>
    public static string Describe(this DatabaseFault fault) => fault switch
    {
        DatabaseFault.Unreachable => "the database cannot be reached",
        DatabaseFault.Unanswered => "the database does not answer",
        DatabaseFault.Busy => "the database is locked or too busy",
        DatabaseFault.ReadOnly => "the database is read-only",
        DatabaseFault.DataDiskFull => "the disk of the data folder is full",
        DatabaseFault.DatabaseDiskFull => "the disk of the database is full",
        DatabaseFault.DiskFailed => "the disk of the database fails",
        DatabaseFault.Damaged => "the database is damaged",
        DatabaseFault.Missing => "the database is missing or cannot be opened",
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
    };

    private static DatabaseFault? OfOne(Exception exception) => exception switch
    {
        DatabaseFaultException own => own.Fault,
        SqliteException sqlite => SqliteFaults.Of(sqlite),
        NpgsqlException npgsql => PostgreSqlFaults.Of(npgsql),
        // Thrown bare between the steps of connecting. Other libraries' time-outs are not the database's.
        TimeoutException { Source: "Npgsql" } => DatabaseFault.Unanswered,
        IOException { HResult: NoSpaceLeft } => DatabaseFault.DataDiskFull,
        _ => null,
    };
}
