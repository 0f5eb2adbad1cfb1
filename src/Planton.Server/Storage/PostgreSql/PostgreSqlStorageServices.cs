using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Planton.Server.Storage.PostgreSql;

internal static class PostgreSqlStorageServices
{
    // How long a statement that timed out or was cancelled has to say so, before its connection is given up.
    private const int CancellationMilliseconds = 500;

    /// <param name="services">Where it is added.</param>
    /// <param name="url">The database.</param>
    /// <param name="timeout">How long anything waits for it: for a connection, a lock, the answer to a statement.</param>
    public static IServiceCollection AddPostgreSqlStorage(this IServiceCollection services, PostgreSqlUrl url, TimeSpan timeout)
    {
        // One pool that ends with the server: a pool of the driver's own outlives it, and holds the database's connections.
        services.AddSingleton(_ => NpgsqlDataSource.Create(WithTimeouts(url, timeout)));
        services.AddDbContextFactory<PostgreSqlControlPlaneContext>((provider, options) => options
            .UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>())
            .AddInterceptors(new PostgreSqlWriters(timeout)));
        services.AddSingleton<IDbContextFactory<ControlPlaneContext>, ContextFactoryAdapter<PostgreSqlControlPlaneContext>>();
        services.AddSingleton<IDatabaseMigrator>(provider => new PostgreSqlMigrator(
            provider.GetRequiredService<IDbContextFactory<PostgreSqlControlPlaneContext>>(), url));
        return services;
    }

    private static string WithTimeouts(PostgreSqlUrl url, TimeSpan timeout) => new NpgsqlConnectionStringBuilder(url.ConnectionString)
    {
        Timeout = (int)timeout.TotalSeconds,
        CommandTimeout = (int)timeout.TotalSeconds,
        CancellationTimeout = CancellationMilliseconds,
    }.ConnectionString;
}
