using System.Net;
using Planton.Api.Operations;
using Planton.Runner.Credentials;
using Planton.Runner.Health;
using Planton.Runner.Logging;
using Planton.Runner.Network;
using Planton.Runner.Operations;
using Planton.Runner.Providers.Kubernetes;
using Planton.Runner.Providers.Kubernetes.Authentication;
using Planton.Runner.Providers.Kubernetes.Inline;
using Planton.Runner.Providers.Kubernetes.References;
using Planton.Tunnel.Protocol;
using Planton.Tunnel.Runner;

namespace Planton.Runner.Startup;

/// <summary>
/// Puts the parts together. The builder is the empty one: nothing of the environment or of a settings file can open another
/// listener or turn up a log.
/// </summary>
internal static class RunnerApplication
{
    private static readonly TimeSpan StopMargin = TimeSpan.FromSeconds(3);

    public static WebApplication Build(
        StartSettings settings, LoadedCredentials credentials, EgressProxy egress, Func<string, string?> environment,
        SecretMasker masker, TimeProvider time, Action<ILoggingBuilder> logging)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        logging(builder.Logging);
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            if (settings.Health is { } health)
                kestrel.Listen(health.Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(health.Host), health.Port);
        });
        builder.Services.AddSingleton(time);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = settings.DrainTimeout + StopMargin);
        builder.WebHost.UseTunnel(Tunnel(settings, credentials, egress));
        AddServices(builder.Services, settings, credentials, egress, environment, masker);
        var app = builder.Build();
        app.UseTunnelLink();
        var operations = app.Services.GetRequiredService<OperationHandler>();
        var health = app.Services.GetRequiredService<HealthEndpoint>();
        app.Run(context => context.IsTunnel() ? operations.HandleAsync(context) : health.HandleAsync(context));
        return app;
    }

    private static void AddServices(
        IServiceCollection services, StartSettings settings, LoadedCredentials credentials, EgressProxy egress,
        Func<string, string?> environment, SecretMasker masker)
    {
        var kubernetes = new KubernetesOptions { KubeConfig = settings.KubeConfig };
        services.AddHttpForwarder();
        services.AddSingleton(settings);
        services.AddSingleton(credentials);
        services.AddSingleton(masker);
        services.AddSingleton(egress);
        services.AddSingleton(kubernetes);
        services.AddSingleton(p => new TargetResolver(kubernetes, environment, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<AuthenticatorFactory>();
        services.AddSingleton<TargetHandlerFactory>();
        services.AddSingleton<IReferenceSource, ControlPlaneReferences>();
        services.AddSingleton<ResolvedTargets>();
        services.AddSingleton<KubernetesTargets>();
        services.AddSingleton<InlineTargets>();
        services.AddSingleton<KubernetesForwarder>();
        services.AddSingleton(new OperationScope(credentials.Identity));
        services.AddSingleton<OperationsGate>();
        services.AddSingleton<OperationHandler>();
        services.AddSingleton(p => new TunnelProbe(
            p.GetRequiredService<TunnelLink>().RoundTripAsync, p.GetRequiredService<OperationsGate>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => new CertificateHealth(() => p.GetRequiredService<TunnelLink>().Renewal));
        services.AddSingleton<HealthEndpoint>();
        services.AddSingleton<ControlPlaneClient>();
        services.AddSingleton<IdentityCheck>();
        services.AddSingleton<StartSequence>();
    }

    private static TunnelRunnerOptions Tunnel(StartSettings settings, LoadedCredentials credentials, EgressProxy egress) => new()
    {
        Host = credentials.TunnelEndpoint.Host,
        Port = credentials.TunnelEndpoint.Port,
        Certificate = credentials.Certificate,
        CertificateIssuedAt = credentials.IssuedAt,
        CertificateStore = credentials.State,
        TrustedRoots = credentials.TunnelRoots,
        Proxy = egress,
        DrainTimeout = settings.DrainTimeout,
        Greeting = new RunnerGreeting
        {
            InstanceId = Guid.CreateVersion7().ToString(),
            Version = RunnerVersion.Current,
            HostName = Environment.MachineName,
            // Until the second phase is done, another replica is asked.
            Starting = true,
            Capabilities = ["kubernetes", InlineKubernetes.Capability, InlineKubernetes.RangesCapability],
        },
    };
}
