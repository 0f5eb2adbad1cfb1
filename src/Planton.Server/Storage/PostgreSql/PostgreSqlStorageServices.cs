using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Planton.Server.Storage.PostgreSql;

internal static class PostgreSqlStorageServices
{
    public static IServiceCollection AddPostgreSqlStorage(this IServiceCollection services, PostgreSqlUrl url)
    {
        // One pool that ends with the server: a pool of the driver's own outlives it, and holds the database's connections.
        services.AddSingleton(_ => NpgsqlDataSource.Create(url.ConnectionString));
        services.AddDbContextFactory<PostgreSqlControlPlaneContext>((provider, options) => options
            .UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>())
            .AddInterceptors(new PostgreSqlWriters()));
        services.AddSingleton<IDbContextFactory<ControlPlaneContext>, ContextFactoryAdapter<PostgreSqlControlPlaneContext>>();
        services.AddSingleton<IDatabaseMigrator>(provider => new PostgreSqlMigrator(
            provider.GetRequiredService<IDbContextFactory<PostgreSqlControlPlaneContext>>(), url));
        return services;
    }
}
