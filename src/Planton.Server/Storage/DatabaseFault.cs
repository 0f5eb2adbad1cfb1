namespace Planton.Server.Storage;

/// <summary>What keeps a database from doing its work. A statement that is wrong is not among them: that is a bug.</summary>
internal enum DatabaseFault
{
    /// <summary>No connection, or it broke, or the database refuses this server's login.</summary>
    Unreachable,

    /// <summary>Connected, and no answer in time.</summary>
    Unanswered,

    /// <summary>Locked by another program, or it has as much to do as it takes.</summary>
    Busy,

    ReadOnly,

    /// <summary>The disk of <c>--data</c>, where SQLite keeps its file.</summary>
    DataDiskFull,

    /// <summary>The disk of a database that is elsewhere.</summary>
    DatabaseDiskFull,

    /// <summary>Reading or writing fails below the database.</summary>
    DiskFailed,

    Damaged,

    /// <summary>Deleted, moved away, replaced or not there.</summary>
    Missing,
}
