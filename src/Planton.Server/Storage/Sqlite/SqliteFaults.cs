using Microsoft.Data.Sqlite;

namespace Planton.Server.Storage.Sqlite;

/// <summary>By https://www.sqlite.org/rescode.html.</summary>
internal static class SqliteFaults
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int Protocol = 15;
    private const int NotADatabase = 26;

    // An extended code: the file is not any more where it was opened.
    private const int ReadOnlyMoved = 1032;

    public static DatabaseFault? Of(SqliteException exception) => (exception.SqliteErrorCode, exception.SqliteExtendedErrorCode) switch
    {
        (_, ReadOnlyMoved) or (CannotOpen, _) => DatabaseFault.Missing,
        (Busy or Locked or Protocol, _) => DatabaseFault.Busy,
        (ReadOnly, _) => DatabaseFault.ReadOnly,
        (Full, _) => DatabaseFault.DataDiskFull,
        (InputOutput, _) => DatabaseFault.DiskFailed,
        (Corrupt or NotADatabase, _) => DatabaseFault.Damaged,
        _ => null,
    };
}
