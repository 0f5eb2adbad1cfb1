using Microsoft.Extensions.DependencyInjection;
using Planton.Server.Storage;
using Planton.Server.Storage.PostgreSql;
using Planton.Testing.Databases;

namespace Planton.Server.Tests.Fixture;

/// <summary>A database of a real PostgreSQL for each test's folder; on SQLite the folder holds it.</summary>
internal static class TestDatabase
{
    private const string MigratedName = "planton-migrated";

    // Copying the schema takes a fraction of the time of the migrations.
    private static readonly Lazy<string> Migrated = new(Migrate);

    /// <summary>Null for SQLite; else the folder's database, which begins with the current schema and no rows.</summary>
    public static PostgreSqlUrl? Of(TemporaryFolder folder, DatabaseKind kind) => kind == DatabaseKind.Sqlite ? null : Parse(MigratedUrl(folder));

    /// <summary>Null for SQLite; else the folder's database, which begins without a schema: for tests of the migrations.</summary>
    public static PostgreSqlUrl? EmptyOf(TemporaryFolder folder, DatabaseKind kind) => kind == DatabaseKind.Sqlite ? null : Parse(EmptyUrl(folder));

    /// <summary>What <c>--database</c> is given for the folder's database, which begins without a schema.</summary>
    /// <param name="folder">The test's folder.</param>
    /// <param name="password">Instead of the right one if given.</param>
    public static string EmptyUrl(TemporaryFolder folder, string? password = null) => PostgreSqlServer.UrlOf(NameOf(folder), password);

    /// <summary>What <c>--database</c> is given for the folder's database, which begins as a copy of the named one.</summary>
    public static string CopyUrl(TemporaryFolder folder, string copyOf) => PostgreSqlServer.UrlOf(NameOf(folder), copyOf: copyOf);

    public static PostgreSqlUrl Parse(string url) => PostgreSqlUrl.Parse(url).Url!;

    private static string MigratedUrl(TemporaryFolder folder) => CopyUrl(folder, Migrated.Value);

    private static string NameOf(TemporaryFolder folder) => Path.GetFileName(folder.FullName);

    private static string Migrate()
    {
        var services = new ServiceCollection();
        services.AddPostgreSqlStorage(Parse(PostgreSqlServer.UrlOf(MigratedName)), TimeSpan.FromSeconds(30));
        using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IDatabaseMigrator>().MigrateAsync(CancellationToken.None).GetAwaiter().GetResult();
        return MigratedName;
    }
}
