using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using SampleCluster.Api;
using SampleCluster.Discovery;
using SampleCluster.Exec;
using SampleCluster.Faults;
using SampleCluster.Logs;
using SampleCluster.Objects;
using SampleCluster.Seed;
using SampleCluster.Watch;
using SampleCluster.Workloads;

namespace SampleCluster.Hosting;

/// <summary>A running sample cluster.</summary>
internal sealed class SampleClusterServer : IAsyncDisposable
{
    private const int MaxConnections = 4096;

    private readonly WebApplication _application;
    private readonly SelfSignedCertificate _certificate;

    private SampleClusterServer(WebApplication application, SelfSignedCertificate certificate, string token)
    {
        _application = application;
        _certificate = certificate;
        Token = token;
        var address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Url = new Uri(address).GetLeftPart(UriPartial.Authority);
    }

    /// <summary><c>https://127.0.0.1:port</c>.</summary>
    public string Url { get; }

    public string Token { get; }

    public string AuthorityPem => _certificate.AuthorityPem;

    public string KubeconfigText => Kubeconfig.Text(Url, AuthorityPem, Token);

    public ObjectStore Store => _application.Services.GetRequiredService<ObjectStore>();

    public static async Task<SampleClusterServer> StartAsync(SampleClusterOptions options, CancellationToken cancellationToken)
    {
        var token = options.Token ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var certificate = SelfSignedCertificate.Make(options.Listen.Address, options.Time.GetUtcNow());
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.MaxRequestBodySize = RequestBody.MaxBytes;
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1000;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(options.Listen, listen => listen.UseHttps(certificate.Server));
        });
        builder.Logging.ClearProviders();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        if (options.Logs is not null)
            builder.Logging.AddProvider(options.Logs);
        else
            builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        AddServices(builder.Services, options);
        var application = builder.Build();
        Map(application, token);
        SampleShop.Write(application.Services.GetRequiredService<ObjectStore>());
        await application.StartAsync(cancellationToken);
        return new SampleClusterServer(application, certificate, token);
    }

    public Task RunUntilStoppedAsync(CancellationToken cancellationToken) => _application.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
        _certificate.Dispose();
    }

    private static void AddServices(IServiceCollection services, SampleClusterOptions options)
    {
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        services.AddSingleton(options.Time);
        services.AddSingleton(options.Workloads);
        services.AddSingleton(new ObjectStore(options.Time, options.Limits));
        services.AddSingleton<FaultInjector>();
        services.AddSingleton<ListHandler>();
        services.AddSingleton<WriteHandler>();
        services.AddSingleton<WatchHandler>();
        services.AddSingleton<LogHandler>();
        services.AddSingleton<ExecHandler>();
        services.AddSingleton<ResourceRouter>();
        services.AddHostedService<WorkloadController>();
    }

    private static void Map(WebApplication application, string token)
    {
        application.UseMiddleware<BearerAuthentication>(token);
        application.UseMiddleware<FaultMiddleware>();
        application.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(20) });
        application.MapDiscovery();
        application.MapFaults();
        foreach (var path in new[] { "/healthz", "/livez", "/readyz" })
            application.MapGet(path, () => "ok");
        var router = application.Services.GetRequiredService<ResourceRouter>();
        application.Map("/api/{**path}", router.HandleAsync);
        application.Map("/apis/{**path}", router.HandleAsync);
        application.MapFallback(context => context.Response.WriteStatusAsync(ApiStatus.NoSuchPath, context.RequestAborted));
    }
}
