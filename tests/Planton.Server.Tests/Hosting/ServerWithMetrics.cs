using Planton.Api;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Hosting;

/// <summary>A class's server with a listener of its own for the metrics.</summary>
public sealed class ServerWithMetrics() : SharedServer(DatabaseKind.Sqlite)
{
    private protected override Task<ServerFixture> StartAsync(DatabaseKind database) =>
        ServerFixture.StartAsync(options => options with { Metrics = new HostAndPort("127.0.0.1", 0) }, database: database);
}
