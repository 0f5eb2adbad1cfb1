using Microsoft.Extensions.DependencyInjection;
using Planton.Server.Storage;
using Planton.Server.Storage.PostgreSql;
using Planton.Testing.Databases;

[assembly: AssemblyFixture(typeof(PostgreSqlServerEnd))]

namespace Planton.Server.Tests.Fixture;

/// <summary>A database of a real PostgreSQL for each test's folder.</summary>
internal static class PostgreSqlCluster
{
    private const string MigratedName = "planton-migrated";

    // A copy of the schema is there in a fraction of the time that the migrations take.
    private static readonly Lazy<string> Migrated = new(Migrate);

    /// <summary>Of an empty database, or the folder's; with <paramref name="password"/> instead of the right one if given.</summary>
    public static string UrlOf(TemporaryFolder folder, string? password = null) => PostgreSqlServer.UrlOf(NameOf(folder), password);

    /// <summary>Of a database with the schema of today, or the folder's.</summary>
    public static PostgreSqlUrl MigratedOf(TemporaryFolder folder) => Parse(PostgreSqlServer.UrlOf(NameOf(folder), copyOf: Migrated.Value));

    /// <summary>Of an empty database, or the folder's.</summary>
    public static PostgreSqlUrl EmptyOf(TemporaryFolder folder) => Parse(UrlOf(folder));

    private static string NameOf(TemporaryFolder folder) => Path.GetFileName(folder.Path);

    private static PostgreSqlUrl Parse(string url) => PostgreSqlUrl.Parse(url).Url!;

    private static string Migrate()
    {
        var services = new ServiceCollection();
        services.AddPostgreSqlStorage(Parse(PostgreSqlServer.UrlOf(MigratedName)));
        using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IDatabaseMigrator>().MigrateAsync(CancellationToken.None).GetAwaiter().GetResult();
        return MigratedName;
    }
}
