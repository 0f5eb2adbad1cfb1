using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Planton.Server.Storage.Sqlite;

internal static class SqliteStorageServices
{
    public static IServiceCollection AddSqliteStorage(this IServiceCollection services, string databaseFile)
    {
        var connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = databaseFile,
            ForeignKeys = true,
            DefaultTimeout = 15,
            Pooling = true,
        }.ToString();
        services.AddDbContextFactory<SqliteControlPlaneContext>(options => options
            .UseSqlite(connectionString)
            .AddInterceptors(new SqlitePragmas()));
        services.AddSingleton<IDbContextFactory<ControlPlaneContext>, ContextFactoryAdapter<SqliteControlPlaneContext>>();
        return services;
    }
}
