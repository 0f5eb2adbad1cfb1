using Planton.Server.Storage.PostgreSql;
using Planton.Testing.Databases;

namespace Planton.Server.Tests.Fixture;

/// <summary>
/// Which database the servers of this run use: SQLite, or with <c>PLANTON_TEST_DATABASE=postgres</c> PostgreSQL. Every test that does
/// not say otherwise runs on both.
/// </summary>
internal static class TestDatabase
{
    public static bool IsPostgreSql => PostgreSqlServer.IsWanted;

    /// <summary>Null for SQLite. A new PostgreSQL database has today's schema already.</summary>
    public static PostgreSqlUrl? Of(TemporaryFolder folder) => IsPostgreSql ? PostgreSqlCluster.MigratedOf(folder) : null;

    /// <summary>Null for SQLite. A new PostgreSQL database has nothing in it: for tests of the migrations.</summary>
    public static PostgreSqlUrl? EmptyOf(TemporaryFolder folder) => IsPostgreSql ? PostgreSqlCluster.EmptyOf(folder) : null;

    /// <summary>For tests of SQLite itself.</summary>
    public static void NeedsSqlite() => Assert.SkipWhen(IsPostgreSql, "it is about SQLite");
}
