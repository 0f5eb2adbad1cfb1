using Planton.Server.Hosting;
using Planton.Server.Storage.PostgreSql;
using Planton.Server.Storage.Sqlite;

namespace Planton.Server.Storage;

internal static class StorageServices
{
    /// <summary>The database that the settings name.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, ServerOptions options) =>
        options.Database is { } database ? services.AddPostgreSqlStorage(database, options.DatabaseTimeout) : services.AddSqliteStorage(options.DatabaseTimeout);
}
