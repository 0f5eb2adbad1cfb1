using Planton.Server.Storage.PostgreSql;
using Planton.Testing.Databases;

[assembly: AssemblyFixture(typeof(PostgreSqlServerEnd))]

namespace Planton.Server.Tests.Fixture;

/// <summary>A database of a real PostgreSQL for each test's folder.</summary>
internal static class PostgreSqlCluster
{
    /// <summary>With <paramref name="password"/> instead of the right one if given.</summary>
    public static string UrlOf(TemporaryFolder folder, string? password = null) => PostgreSqlServer.UrlOf(Path.GetFileName(folder.Path), password);

    public static PostgreSqlUrl Of(TemporaryFolder folder) => PostgreSqlUrl.Parse(UrlOf(folder)).Url!;
}
