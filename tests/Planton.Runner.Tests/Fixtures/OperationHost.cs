using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Planton.Api.Operations;
using Planton.Runner.Logging;
using Planton.Runner.Network;
using Planton.Runner.Operations;
using Planton.Runner.Providers.Kubernetes;
using Planton.Runner.Providers.Kubernetes.Authentication;
using Planton.Runner.Providers.Kubernetes.Inline;
using Planton.Runner.Providers.Kubernetes.References;
using Planton.Tunnel.Identity;
using Planton.Tunnel.Protocol;

namespace Planton.Runner.Tests.Fixtures;

/// <summary>The runner's operations behind an ordinary HTTP listener instead of the tunnel.</summary>
internal sealed class OperationHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OperationHost(WebApplication app)
    {
        _app = app;
        Url = app.Urls.Single();
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(Url) };
        Client.DefaultRequestHeaders.Add(OperationHeaders.Runner, TestIdentity.Runner);
        Client.DefaultRequestHeaders.Add(OperationHeaders.Organization, TestIdentity.Org);
    }

    public string Url { get; }

    public int Port => new Uri(Url).Port;

    public HttpClient Client { get; }

    public SecretMasker Masker => _app.Services.GetRequiredService<SecretMasker>();

    public static async Task<OperationHost> StartAsync(
        string? kubeConfig = null, Dictionary<string, string>? environment = null, RunnerIdentity? identity = null,
        KubernetesOptions? options = null, TimeProvider? time = null, bool open = true,
        HttpProtocols protocols = HttpProtocols.Http1, ILoggerProvider? logs = null, IReferenceSource? references = null)
    {
        var variables = environment ?? [];
        var masker = new SecretMasker();
        var kubernetes = (options ?? new KubernetesOptions()) with { KubeConfig = kubeConfig };
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k =>
        {
            k.Limits.MaxRequestBodySize = null;
            k.Limits.MinResponseDataRate = null;
            k.Limits.MaxRequestLineSize = HeadLimits.MaxTunnelRequestBytes;
            k.Limits.MaxRequestHeadersTotalSize = HeadLimits.MaxTunnelRequestBytes;
            k.Limits.Http2.MaxStreamsPerConnection = 1_000;
            k.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocols);
        });
        builder.Logging.ClearProviders();
        if (logs is not null)
            builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs);
        var services = builder.Services;
        services.AddHttpForwarder();
        services.AddSingleton(masker);
        services.AddSingleton(time ?? TimeProvider.System);
        services.AddSingleton(kubernetes);
        services.AddSingleton(EgressProxy.FromEnvironment(variables.GetValueOrDefault, masker).Value!);
        services.AddSingleton(p => new TargetResolver(kubernetes, variables.GetValueOrDefault, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<AuthenticatorFactory>();
        services.AddSingleton<TargetHandlerFactory>();
        services.AddSingleton(references ?? new FakeReferences());
        services.AddSingleton<ResolvedTargets>();
        services.AddSingleton<KubernetesTargets>();
        services.AddSingleton<InlineTargets>();
        services.AddSingleton<KubernetesForwarder>();
        services.AddSingleton(new OperationScope(identity ?? TestIdentity.OfOrganization));
        services.AddSingleton<OperationsGate>();
        services.AddSingleton<OperationHandler>();
        var app = builder.Build();
        app.Run(app.Services.GetRequiredService<OperationHandler>().HandleAsync);
        await app.StartAsync();
        var host = new OperationHost(app);
        if (open)
            app.Services.GetRequiredService<OperationsGate>().Open();
        return host;
    }

    /// <summary>A GET of a path below the cluster's root; the body is read.</summary>
    public Task<HttpResponseMessage> GetAsync(string path, CancellationToken cancellationToken = default) =>
        Client.GetAsync(new Uri(Url + OperationHeaders.KubernetesPath + path), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
