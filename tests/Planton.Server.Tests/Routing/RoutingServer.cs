using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Planton.Server.Connections;
using Planton.Server.Gateway;
using Planton.Server.Kubernetes;
using Planton.Server.Runners;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Routing;

/// <summary>A class's server that sends operations to runners over real tunnels, instead of the fakes of other tests.</summary>
public abstract class RoutingServer(DatabaseKind database) : SharedServer(database)
{
    private protected override Task<ServerFixture> StartAsync(DatabaseKind database) =>
        ServerFixture.StartAsync(configure: UseTunnels, database: database);

    private static void UseTunnels(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IRunnerPresence, RunnerPresence>();
        builder.Services.AddSingleton<IConnectionTester, KubernetesConnectionTester>();
    }
}
