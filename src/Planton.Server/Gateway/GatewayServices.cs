using Planton.Server.Connections;
using Planton.Server.Hosting;
using Planton.Server.Kubernetes;
using Planton.Server.Routing;
using Planton.Server.Runners;
using Planton.Tunnel.Gateway;

namespace Planton.Server.Gateway;

/// <summary>The tunnel side of the control plane.</summary>
internal static class GatewayServices
{
    public static IServiceCollection AddGateway(this IServiceCollection services)
    {
        services.AddSingleton<TunnelRegistry>();
        services.AddSingleton<TunnelAdmissions>();
        services.AddSingleton<LiveTunnels>();
        services.AddSingleton<GatewayMetrics>();
        services.AddSingleton<TrustPublisher>();
        services.AddHostedService<AuthorityWatch>();
        services.AddSingleton<IGatewayCertificates, GatewayCertificates>();
        services.AddSingleton<PresenceRecorder>();
        services.AddHostedService(provider => provider.GetRequiredService<PresenceRecorder>());
        services.AddSingleton<ITunnelAdmission, RunnerAdmission>();
        services.AddSingleton<IRunnerPresence, RunnerPresence>();
        services.AddSingleton(provider => OptionsFrom(provider.GetRequiredService<ServerOptions>()));
        services.AddSingleton<TunnelGateway>();
        services.AddHostedService<TunnelListener>();
        services.AddSingleton<RouteResolver>();
        services.AddSingleton<OperationPlanner>();
        services.AddSingleton<OperationSender>();
        services.AddSingleton<RouteExplainer>();
        services.AddSingleton<KubernetesForwarder>();
        services.AddSingleton<KubernetesProxy>();
        services.AddSingleton<IConnectionTester, KubernetesConnectionTester>();
        services.AddHttpForwarder();
        return services;
    }

    private static TunnelGatewayOptions OptionsFrom(ServerOptions options) =>
        ListenAddress.TryResolve(options.Tunnel, out var listenOn)
            ? new TunnelGatewayOptions
            {
                ListenOn = listenOn,
                DrainTimeout = options.DrainTimeout,
                MaxTunnelsPerRunner = options.Quotas.RunnerTunnels,
                MaxTunnelsPerOrganization = options.Quotas.OrganizationTunnels,
                MaxRefusalsOfCertificate = options.Quotas.CertificateRefusals,
                MaxRefusalsOfAddress = options.Quotas.AddressRefusals,
                LimitedDialsPerSecond = options.Quotas.AddressDialsPerSecond,
            }
            : throw new StartupException($"--tunnel: {options.Tunnel} is not an address of this machine");
}
