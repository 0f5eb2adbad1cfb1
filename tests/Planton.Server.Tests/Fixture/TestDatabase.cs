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

    public static PostgreSqlUrl? Of(TemporaryFolder folder) => IsPostgreSql ? PostgreSqlCluster.Of(folder) : null;

    /// <summary>For tests of SQLite itself.</summary>
    public static void NeedsSqlite() => Assert.SkipWhen(IsPostgreSql, "it is about SQLite");
}
