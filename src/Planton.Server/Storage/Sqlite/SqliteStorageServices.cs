using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Planton.Server.Storage.Sqlite;

internal static class SqliteStorageServices
{
    private const string FileName = "planton.db";

    /// <param name="services">Where it is added.</param>
    /// <param name="timeout">How long anything waits for the database.</param>
    public static IServiceCollection AddSqliteStorage(this IServiceCollection services, TimeSpan timeout)
    {
        services.AddSingleton(_ => new SqliteWriterTurn(timeout));
        services.AddDbContextFactory<SqliteControlPlaneContext>((provider, options) => options
            .UseSqlite(ConnectionString(provider, timeout))
            .AddInterceptors(new SqlitePragmas(timeout), new SqliteWriters()));
        services.AddSingleton<IDbContextFactory<ControlPlaneContext>, ContextFactoryAdapter<SqliteControlPlaneContext>>();
        services.AddSingleton<IDatabaseMigrator>(provider => new SqliteMigrator(
            provider.GetRequiredService<IDbContextFactory<SqliteControlPlaneContext>>(), DatabaseFile(provider)));
        return services;
    }

    private static string DatabaseFile(IServiceProvider provider) => provider.GetRequiredService<DataDirectory>().PathOf(FileName);

    private static string ConnectionString(IServiceProvider provider, TimeSpan timeout) => new SqliteConnectionStringBuilder
    {
        DataSource = DatabaseFile(provider),
        Mode = SqliteOpenMode.ReadWrite,
        ForeignKeys = true,
        // SQLite has waited by then: the driver, which would try again every 150 ms, gives up with it. 0 would be without end.
        DefaultTimeout = Math.Max(1, (int)timeout.TotalSeconds - 1),
        Pooling = true,
    }.ToString();
}
