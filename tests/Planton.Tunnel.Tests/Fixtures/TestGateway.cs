using System.Net;
using Microsoft.Extensions.Logging;
using Planton.Testing;
using Planton.Testing.Logging;
using Planton.Tunnel.Gateway;
using Planton.Tunnel.Links;

namespace Planton.Tunnel.Tests.Fixtures;

/// <summary>A real gateway on a loopback port.</summary>
internal sealed class TestGateway : IAsyncDisposable
{
    private readonly ILoggerFactory _loggers;

    private TestGateway(TestAuthority authority, TestLogs logs, Action<TunnelGatewayOptions>? configure, IPEndPoint? listenOn)
    {
        Logs = logs;
        _loggers = LoggerFactory.Create(b => b.SetMinimumLevel(LogLevel.Debug).AddProvider(logs));
        var options = new TunnelGatewayOptions
        {
            ListenOn = listenOn ?? new IPEndPoint(IPAddress.Loopback, 0),
            KeepAliveDelay = TimeSpan.FromSeconds(1),
            KeepAliveTimeout = TimeSpan.FromSeconds(1),
            ReconnectSpread = TimeSpan.FromMilliseconds(50),
        };
        configure?.Invoke(options);
        Gateway = new TunnelGateway(options, authority, Admission, Registry, TimeProvider.System, _loggers.CreateLogger<TunnelGateway>());
    }

    public TunnelGateway Gateway { get; }

    public TunnelRegistry Registry { get; } = new();

    public TestAdmission Admission { get; } = new();

    public TestLogs Logs { get; }

    public IPEndPoint EndPoint => Gateway.LocalEndPoint!;

    public static async Task<TestGateway> StartAsync(
        TestAuthority authority, TestLogs logs, Action<TunnelGatewayOptions>? configure = null, IPEndPoint? listenOn = null)
    {
        var gateway = new TestGateway(authority, logs, configure, listenOn);
        await gateway.Gateway.StartAsync(TestContext.Current.CancellationToken);
        return gateway;
    }

    /// <summary>Waits for a ready tunnel other than those given.</summary>
    public async Task<GatewayTunnel> TunnelAsync(params GatewayTunnel[] otherThan)
    {
        GatewayTunnel? found = null;
        await Eventually.BecomesTrueAsync(
            () => (found = Registry.All.FirstOrDefault(t => t.State == LinkState.Ready && !otherThan.Contains(t))) is not null,
            "a runner's tunnel is ready",
            cancellationToken: TestContext.Current.CancellationToken);
        return found!;
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        _loggers.Dispose();
    }
}
