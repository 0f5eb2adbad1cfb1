using Microsoft.EntityFrameworkCore;

namespace Planton.Server.Storage.PostgreSql;

internal static class PostgreSqlStorageServices
{
    public static IServiceCollection AddPostgreSqlStorage(this IServiceCollection services, PostgreSqlUrl url)
    {
        services.AddDbContextFactory<PostgreSqlControlPlaneContext>(options => options
            .UseNpgsql(url.ConnectionString)
            .AddInterceptors(new PostgreSqlWriters()));
        services.AddSingleton<IDbContextFactory<ControlPlaneContext>, ContextFactoryAdapter<PostgreSqlControlPlaneContext>>();
        services.AddSingleton<IDatabaseMigrator>(provider => new PostgreSqlMigrator(
            provider.GetRequiredService<IDbContextFactory<PostgreSqlControlPlaneContext>>(), url));
        return services;
    }
}
