using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Planton.Testing;
using Planton.Testing.Logging;
using Planton.Tunnel.Protocol;
using Planton.Tunnel.Runner;

namespace Planton.Tunnel.Tests.Fixtures;

/// <summary>A real runner's end: Kestrel that dials, with the operations that the test gives.</summary>
internal sealed class TestRunner : IAsyncDisposable
{
    public const string OrganizationId = "org-1";
    public const string RunnerId = "runner-1";
    public const string Identity = $"spiffe://{TestAuthority.TestTrustDomain}/org/{OrganizationId}/runner/{RunnerId}";

    private readonly WebApplication _app;

    private TestRunner(WebApplication app, TunnelRunnerOptions options)
    {
        _app = app;
        Options = options;
        Link = app.Services.GetRequiredService<TunnelLink>();
    }

    public TunnelRunnerOptions Options { get; }

    public TunnelLink Link { get; }

    public static TunnelRunnerOptions DefaultOptions(TestAuthority authority, EndPoint gateway, string identity = Identity) => new()
    {
        Host = "localhost",
        Port = ((IPEndPoint)gateway).Port,
        Certificate = authority.IssueRunner(identity),
        TrustedRoots = authority.TrustBundle,
        Greeting = new RunnerGreeting { InstanceId = Guid.NewGuid().ToString(), Version = "1.2.3", HostName = "test-host", Capabilities = ["test"] },
        BackoffFirst = TimeSpan.FromMilliseconds(20),
        BackoffCap = TimeSpan.FromMilliseconds(500),
        KeepAliveDelay = TimeSpan.FromSeconds(2),
        KeepAliveTimeout = TimeSpan.FromSeconds(1),
    };

    public static async Task<TestRunner> StartAsync(
        TestAuthority authority, EndPoint gateway, TestLogs logs, RequestDelegate? operation = null, Action<TunnelRunnerOptions>? configure = null)
    {
        var options = DefaultOptions(authority, gateway);
        configure?.Invoke(options);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Debug).AddProvider(logs);
        builder.WebHost.UseTunnel(options);
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(30));
        var app = builder.Build();
        app.UseTunnelLink();
        app.Run(operation ?? (context => context.Response.WriteAsync($"{context.Request.Method} {context.Request.Path}")));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TestRunner(app, options);
    }

    /// <summary>Returns when the latest dial has failed in this way; its error must contain <paramref name="text"/>.</summary>
    public async Task FailsAsync(DialFailure failure, string text)
    {
        await Eventually.BecomesTrueAsync(
            () => Link.Status.LastFailure == failure, $"the dial fails with {failure}", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Contains(text, Link.Status.LastError, StringComparison.Ordinal);
    }

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        // Abrupt, but by a stop: a host that is only disposed takes cancelled background services for faults.
        try
        {
            await _app.StopAsync(new CancellationToken(canceled: true));
        }
        catch (OperationCanceledException)
        {
        }

        // Do not dispose of the certificate: a renewal in flight may still use it. The finalizer does.
        await _app.DisposeAsync();
    }
}
