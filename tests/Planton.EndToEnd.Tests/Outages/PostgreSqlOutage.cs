namespace Planton.EndToEnd.Tests.Outages;

/// <summary>What becomes of a PostgreSQL.</summary>
public enum PostgreSqlOutage
{
    /// <summary><c>pg_ctl stop -m fast</c>: sessions are ended.</summary>
    StopFast,

    /// <summary><c>pg_ctl stop -m immediate</c>: it ends as if it crashed.</summary>
    StopImmediately,

    /// <summary>SIGKILL to all of it.</summary>
    Kill,

    /// <summary>SIGSTOP to all of it: its machine hangs.</summary>
    Pause,
}
