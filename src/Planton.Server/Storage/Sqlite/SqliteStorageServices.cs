using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Planton.Server.Storage.Sqlite;

internal static class SqliteStorageServices
{
    private const string FileName = "planton.db";

    public static IServiceCollection AddSqliteStorage(this IServiceCollection services)
    {
        services.AddDbContextFactory<SqliteControlPlaneContext>((provider, options) => options
            .UseSqlite(ConnectionString(provider))
            .AddInterceptors(new SqlitePragmas()));
        services.AddSingleton<IDbContextFactory<ControlPlaneContext>, ContextFactoryAdapter<SqliteControlPlaneContext>>();
        services.AddSingleton<IDatabaseMigrator>(provider => new SqliteMigrator(
            provider.GetRequiredService<IDbContextFactory<SqliteControlPlaneContext>>(), DatabaseFile(provider)));
        return services;
    }

    private static string DatabaseFile(IServiceProvider provider) => provider.GetRequiredService<DataDirectory>().PathOf(FileName);

    private static string ConnectionString(IServiceProvider provider) => new SqliteConnectionStringBuilder
    {
        DataSource = DatabaseFile(provider),
        Mode = SqliteOpenMode.ReadWrite,
        ForeignKeys = true,
        DefaultTimeout = 15,
        Pooling = true,
    }.ToString();
}
