using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Planton.Server.ApiKeys;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.CertificateAuthority;
using Planton.Server.Connections;
using Planton.Server.Credentials;
using Planton.Server.DefaultRunners;
using Planton.Server.Encryption;
using Planton.Server.Environments;
using Planton.Server.Gateway;
using Planton.Server.Kubernetes;
using Planton.Server.Organizations;
using Planton.Server.Quotas;
using Planton.Server.References;
using Planton.Server.Runners;
using Planton.Server.Secrets;
using Planton.Server.Storage;
using Planton.Server.Users;
using Planton.Server.Variables;

namespace Planton.Server.Hosting;

/// <summary>Puts the server together.</summary>
internal static class ServerApplication
{
    /// <summary>A server that is not started yet. Starting it throws <see cref="StartupException"/> when its settings do not do.</summary>
    /// <param name="options">Validated: see <see cref="ServerOptionsReader"/>.</param>
    /// <param name="configure">Runs last: what it registers wins.</param>
    public static WebApplication Build(ServerOptions options, Action<WebApplicationBuilder>? configure = null)
    {
        // Empty: neither environment variables of the framework nor an appsettings.json in the current folder change this server.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = "planton-server",
            EnvironmentName = Microsoft.Extensions.Hosting.Environments.Production,
        });
        var state = new ServerState();
        ServerLogging.Configure(builder.Logging, options, state);
        builder.WebHost.UseKestrel(kestrel => Listeners.Configure(kestrel, options));
        builder.Services.AddClearedMemoryPools();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTimeout + options.StopDelay);
        builder.Services.AddSingleton(state);
        AddServices(builder.Services, options);
        configure?.Invoke(builder);
        var app = builder.Build();
        UseMiddleware(app);
        MapEndpoints(app);
        return app;
    }

    private static void AddServices(IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(options.Certificates);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<BoundListeners>();
        services.AddSingleton<PublicEndpoints>();
        services.AddSingleton(_ => DataDirectory.Open(options.DataDirectory));
        services.AddSingleton(provider => MasterKeyFile.LoadOrCreate(provider.GetRequiredService<DataDirectory>(), options.MasterKeyFile));
        services.AddStorage(options);
        services.AddAudit();
        services.AddQuotas(options.Quotas);
        services.AddSingleton<ServerNames>();
        services.AddSingleton<CertificateAuthorityService>();
        services.AddSingleton<AuthorityMaker>();
        services.AddSingleton<AuthorityLoader>();
        services.AddSingleton<AuthorityRefresh>();
        services.AddSingleton<ServerCertificateStore>();
        services.AddSingleton<FirstUser>();
        services.AddSingleton<Gatekeeper>();
        // First of the hosted services: it is the first to start, so that the rest find everything made, and the last to stop.
        services.AddHostedService<Lifecycle>();
        services.AddHostedService<ServerCertificateRenewal>();
        services.AddAuditDenials();
        services.AddApiKeys();
        services.AddIdentity();
        services.AddSingleton<OrganizationService>();
        services.AddSingleton<RunnerGate>();
        services.AddSingleton<RunnerService>();
        services.AddSingleton<RunnerServiceAccounts>();
        services.AddSingleton<RunnerImpactService>();
        services.AddSingleton<RunnerDeletionService>();
        services.AddSingleton<DefaultRunnerService>();
        services.AddSingleton<RunnerCredentialsIssuer>();
        services.AddSingleton<RunnerCredentialsService>();
        services.AddSingleton<RenewalLimiter>();
        services.AddSingleton<RunnerCertificateRenewal>();
        services.AddSingleton<RunnerRevocationService>();
        services.AddTargetConnections();
        services.AddSingleton<EnvironmentService>();
        services.AddSecrets();
        services.AddSingleton<VariableService>();
        services.AddSingleton<ReferenceResolver>();
        services.AddRouting();
        // A required parameter that is missing is reported by UnhandledErrors, not by an empty 400; see also UnreadableParameter.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddApiDescription();
        services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService("planton-server")).WithMetrics(metrics => metrics
            .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Planton.*")
            .AddPrometheusExporter());
        services.AddGateway();
        services.TryAddSingleton<IRunnerPresence, NoRunnerPresence>();
    }

    private static void UseMiddleware(WebApplication app)
    {
        app.UseOperationIds();
        app.UseMiddleware<UnhandledErrors>();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseMiddleware<RequestLimits>();
    }

    private static void MapEndpoints(WebApplication app)
    {
        app.MapHealth();
        // The exporter takes any method, and fails on the extended CONNECT of HTTP/2.
        app.MapPrometheusScrapingEndpoint("/metrics").WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head])).AllowAnonymous();
        app.MapApi();
        app.MapKubernetesProxy();
    }
}
