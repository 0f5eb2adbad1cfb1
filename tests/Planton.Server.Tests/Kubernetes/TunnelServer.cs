using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Planton.Server.Connections;
using Planton.Server.Gateway;
using Planton.Server.Kubernetes;
using Planton.Server.Runners;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Kubernetes;

/// <summary>One server for all tests of a class, with its own presence and connection tester instead of the fixture's.</summary>
public abstract class TunnelServer(DatabaseKind database) : SharedServer(database)
{
    /// <summary>Runners count as connected when a real tunnel is open, and a connection is tested through it.</summary>
    internal static void UseTunnels(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IRunnerPresence, RunnerPresence>();
        builder.Services.AddSingleton<IConnectionTester, KubernetesConnectionTester>();
    }

    private protected override Task<ServerFixture> StartAsync(DatabaseKind database) =>
        ServerFixture.StartAsync(configure: UseTunnels, database: database);
}
