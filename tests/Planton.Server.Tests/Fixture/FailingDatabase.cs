using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Planton.Server.Storage;
using Planton.Server.Storage.PostgreSql;
using Planton.Server.Storage.Sqlite;

namespace Planton.Server.Tests.Fixture;

/// <summary>A server of the test's own whose database, a real one, can be made to fail and to wait: everything in the server goes through it.</summary>
internal static class FailingDatabase
{
    public static async Task<(ServerFixture Server, GatedContexts Database)> StartAsync(DatabaseKind database, Action<WebApplicationBuilder>? configure = null)
    {
        var server = await ServerFixture.StartAsync(
            configure: builder =>
            {
                builder.Services.AddSingleton(provider => new GatedContexts(database == DatabaseKind.Sqlite
                    ? new ContextFactoryAdapter<SqliteControlPlaneContext>(provider.GetRequiredService<IDbContextFactory<SqliteControlPlaneContext>>())
                    : new ContextFactoryAdapter<PostgreSqlControlPlaneContext>(provider.GetRequiredService<IDbContextFactory<PostgreSqlControlPlaneContext>>())));
                builder.Services.AddSingleton<IDbContextFactory<ControlPlaneContext>>(provider => provider.GetRequiredService<GatedContexts>());
                configure?.Invoke(builder);
            },
            database: database);
        return (server, server.Get<GatedContexts>());
    }
}
