using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;
using Planton.Testing.Logging;
using Planton.Tunnel.Gateway;
using Planton.Tunnel.Runner;

namespace Planton.Tunnel.Tests.Fixtures;

/// <summary>A test with an authority and logs of its own, and whatever it starts stopped at its end, last first.</summary>
public abstract class TunnelTest : IAsyncDisposable
{
    private readonly ConcurrentStack<IAsyncDisposable> _started = new();
    private readonly TestAuthority _authority = new();

    private protected TestAuthority Authority => _authority;

    private protected TestLogs Logs { get; } = new();

    private protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        while (_started.TryPop(out var next))
            await next.DisposeAsync();
        _authority.Dispose();
        Logs.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected T Started<T>(T value)
        where T : IAsyncDisposable
    {
        _started.Push(value);
        return value;
    }

    private protected async Task<TestGateway> StartGatewayAsync(Action<TunnelGatewayOptions>? configure = null, IPEndPoint? listenOn = null) =>
        Started(await TestGateway.StartAsync(Authority, Logs, configure, listenOn));

    private protected async Task<TestRunner> StartRunnerAsync(
        EndPoint gateway, RequestDelegate? operation = null, Action<TunnelRunnerOptions>? configure = null) =>
        Started(await TestRunner.StartAsync(Authority, gateway, Logs, operation, configure));

    /// <summary>A gateway, a runner and the ready tunnel between them.</summary>
    private protected async Task<(TestGateway Gateway, TestRunner Runner, GatewayTunnel Tunnel)> ConnectAsync(
        RequestDelegate? operation = null, Action<TunnelRunnerOptions>? configureRunner = null, Action<TunnelGatewayOptions>? configureGateway = null)
    {
        var gateway = await StartGatewayAsync(configureGateway);
        var runner = await StartRunnerAsync(gateway.EndPoint, operation, configureRunner);
        return (gateway, runner, await gateway.TunnelAsync());
    }
}
