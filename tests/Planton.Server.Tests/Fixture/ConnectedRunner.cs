using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Planton.Api;
using Planton.Api.Runners;
using Planton.Tunnel.Protocol;
using Planton.Tunnel.Runner;

namespace Planton.Server.Tests.Fixture;

/// <summary>A runner's end of a real tunnel, with credentials that the server generated, whose operations the test answers.</summary>
internal sealed class ConnectedRunner : IAsyncDisposable
{
    private readonly WebApplication _app;
    private bool _disposed;

    private ConnectedRunner(WebApplication app, RunnerCredentials credentials, TunnelRunnerOptions options)
    {
        Options = options;
        _app = app;
        Credentials = credentials;
        Link = app.Services.GetRequiredService<TunnelLink>();
    }

    public RunnerCredentials Credentials { get; }

    public TunnelLink Link { get; }

    public TunnelRunnerOptions Options { get; }

    /// <summary>Generates credentials, starts the runner, and waits until operations are sent to it, or it is refused.</summary>
    public static async Task<ConnectedRunner> StartAsync(ServerFixture server, string name, RequestDelegate operation, string? org = "default", string[]? capabilities = null, Action<TunnelRunnerOptions>? configure = null)
    {
        var generated = await server.Admin.GenerateCredentialsAsync(org, name, TestContext.Current.CancellationToken);
        var runner = await StartAsync(generated.Credentials, operation, capabilities, configure);
        await runner.Link.WaitForStartAsync(TestContext.Current.CancellationToken);
        // The gateway sends operations a moment after the runner is ready, when its presence is written down; it answers after that.
        if (!runner.Link.Refused.IsCompleted)
            await runner.Link.RoundTripAsync(TestContext.Current.CancellationToken);
        return runner;
    }

    /// <summary>Starts a runner with the given credentials, and does not wait.</summary>
    public static async Task<ConnectedRunner> StartAsync(RunnerCredentials credentials, RequestDelegate operation, string[]? capabilities = null, Action<TunnelRunnerOptions>? configure = null)
    {
        Assert.True(HostAndPort.TryParse(credentials.Tunnel!.Endpoint, out var gateway));
        var roots = new X509Certificate2Collection();
        roots.ImportFromPem(credentials.Tunnel.CaCertificates);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var options = new TunnelRunnerOptions
        {
            Host = gateway.Host,
            Port = gateway.Port,
            Certificate = X509Certificate2.CreateFromPem(credentials.Tunnel.Certificate, credentials.Tunnel.PrivateKey),
            TrustedRoots = roots,
            CertificateIssuedAt = credentials.Metadata!.IssuedAt,
            Greeting = new RunnerGreeting { InstanceId = "test", Version = "9.8.7", HostName = "test-host", Capabilities = capabilities ?? ["kubernetes"] },
            BackoffFirst = TimeSpan.FromMilliseconds(20),
            BackoffCap = TimeSpan.FromMilliseconds(200),
            RenewalRetryFirst = TimeSpan.FromMilliseconds(200),
        };
        configure?.Invoke(options);
        builder.WebHost.UseTunnel(options);
        var app = builder.Build();
        app.UseTunnelLink();
        app.UseWebSockets();
        app.Run(operation);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ConnectedRunner(app, credentials, options);
    }

    public async ValueTask DisposeAsync()
    {
        // A test may end it before its end.
        if (_disposed)
            return;
        _disposed = true;
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
