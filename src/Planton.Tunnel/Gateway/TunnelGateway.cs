using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Planton.Tunnel.Gateway;

/// <summary>
/// Accepts tunnels. It accepts sockets itself: through Kestrel each byte would pass one more pipe, and the TLS stream would
/// belong to two owners.
/// </summary>
public sealed partial class TunnelGateway : IHostedService, IAsyncDisposable
{
    private readonly TunnelGatewayOptions _options;
    private readonly TunnelSession _session;
    private readonly GatewayHandshake _handshake;
    private readonly TunnelRegistry _registry;
    private readonly TimeProvider _time;
    private readonly ILogger<TunnelGateway> _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _aborting = new();
    private readonly ConcurrentDictionary<Task, byte> _connections = new();
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;
    private int _pending;

    /// <summary>Makes a gateway that listens once it is started.</summary>
    public TunnelGateway(
        TunnelGatewayOptions options, IGatewayCertificates certificates, ITunnelAdmission admission, TunnelRegistry registry,
        TimeProvider time, ILogger<TunnelGateway> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _registry = registry;
        _time = time;
        _logger = logger;
        _handshake = new GatewayHandshake(certificates);
        _session = new TunnelSession(options, certificates, admission, registry, time, logger);
    }

    /// <summary>Where the gateway listens; null before it is started.</summary>
    public IPEndPoint? LocalEndPoint { get; private set; }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listener = new Socket(_options.ListenOn.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(_options.ListenOn);
        _listener.Listen(512);
        LocalEndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        LogListening(LocalEndPoint);
        _accepting = AcceptAsync(_listener);
        return Task.CompletedTask;
    }

    /// <summary>Accepts nothing more, drains every tunnel at once, and returns when all are closed.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_stopping.IsCancellationRequested)
            return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        _listener?.Dispose();
        await _accepting.ConfigureAwait(false);
        var began = _time.GetTimestamp();
        try
        {
            var spread = _options.ReconnectSpread;
            await Task.WhenAll(_registry.All.Select(tunnel => tunnel.DrainAsync(spread * Random.Shared.NextDouble(), cancellationToken))).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Host shutdown timed out; the remaining tunnels are aborted.
            var operations = _registry.All.Sum(tunnel => tunnel.Operations);
            if (operations > 0)
                LogDrainCutShort(operations, _time.GetElapsedTime(began).TotalSeconds);
        }

        await _aborting.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_connections.Keys).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        _listener?.Dispose();
        _stopping.Dispose();
        _aborting.Dispose();
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var socket = await listener.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                Begin(socket);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                // Out of file descriptors, or a peer that went before it was accepted: the listener itself is well.
                LogAcceptFailed(e.SocketErrorCode);
                await Task.Delay(TimeSpan.FromMilliseconds(50), _time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private void Begin(Socket socket)
    {
        if (Interlocked.Increment(ref _pending) > _options.MaxPendingConnections)
        {
            Interlocked.Decrement(ref _pending);
            socket.Close(0);
            LogTooManyPending(_options.MaxPendingConnections);
            return;
        }

        var connection = ServeAsync(socket);
        _connections.TryAdd(connection, 0);
        _ = connection.ContinueWith(
            ended => _connections.TryRemove(ended, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task ServeAsync(Socket socket)
    {
        await Task.Yield();
        var pending = new PendingConnection(() => Interlocked.Decrement(ref _pending));
        var remote = RemoteEndPointOf(socket);
        try
        {
            socket.NoDelay = true;
            var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await using (stream.ConfigureAwait(false))
            {
                using var limit = new CancellationTokenSource(_options.HandshakeTimeout, _time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _aborting.Token);
                var (identity, certificate) = await _handshake.AuthenticateAsync(stream, either.Token).ConfigureAwait(false);
                var candidate = new TunnelCandidate(Guid.CreateVersion7(_time.GetUtcNow()).ToString(), identity, certificate, remote);
                await _session.RunAsync(candidate, stream, () => socket.Close(0), pending, _aborting.Token).ConfigureAwait(false);
            }
        }
        catch (AuthenticationException e)
        {
            LogRefusedInHandshake(remote, e.Message);
        }
        catch (OperationCanceledException)
        {
            LogHandshakeTimedOut(remote, _options.HandshakeTimeout.TotalSeconds);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            LogConnectionFailed(remote, e.Message);
        }
        catch (Exception e)
        {
            LogSessionFailed(e, remote);
        }
        finally
        {
            pending.End();
            socket.Dispose();
        }
    }

    private static EndPoint? RemoteEndPointOf(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Gateway listens on {EndPoint}")]
    private partial void LogListening(EndPoint endPoint);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tunnel from {RemoteEndPoint} refused in the handshake: {Reason}")]
    private partial void LogRefusedInHandshake(EndPoint? remoteEndPoint, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Tunnel from {RemoteEndPoint}: no handshake within {Seconds:0} s")]
    private partial void LogHandshakeTimedOut(EndPoint? remoteEndPoint, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Tunnel from {RemoteEndPoint}: the connection failed: {Reason}")]
    private partial void LogConnectionFailed(EndPoint? remoteEndPoint, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Tunnel from {RemoteEndPoint}: unexpected fault")]
    private partial void LogSessionFailed(Exception exception, EndPoint? remoteEndPoint);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Operations} operations aborted after {Seconds:0.0} s of draining every tunnel")]
    private partial void LogDrainCutShort(int operations, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A connection could not be accepted: {SocketError}")]
    private partial void LogAcceptFailed(SocketError socketError);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A connection was closed at once: {Max} others have not greeted yet")]
    private partial void LogTooManyPending(int max);
}
