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
    private readonly GatewayRefusals _refusals;
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
        _refusals = new GatewayRefusals(options, time, logger);
        _handshake = new GatewayHandshake(certificates, _refusals);
        _session = new TunnelSession(options, certificates, admission, registry, _refusals, time, logger);
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
        _refusals.Start();
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
        try
        {
            var spread = _options.ReconnectSpread;
            await Task.WhenAll(_registry.All.Select(tunnel => tunnel.DrainAsync(spread * Random.Shared.NextDouble(), cancellationToken))).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The host's patience is over before ours: what is left is cut.
        }

        await _aborting.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_connections.Keys).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        _listener?.Dispose();
        _refusals.Dispose();
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
        var remote = RemoteEndPointOf(socket);
        if (!_refusals.MayDial(remote))
        {
            socket.Close(0);
            if (MayLog("Connections closed at once", remote))
                LogSlowed(remote, _options.MaxRefusalsOfAddress, _options.LimitedDialsPerSecond);
            return;
        }

        if (Interlocked.Increment(ref _pending) > _options.MaxPendingConnections)
        {
            Interlocked.Decrement(ref _pending);
            socket.Close(0);
            if (_refusals.MayLog("Connections closed at once, too many have not greeted yet"))
                LogTooManyPending(_options.MaxPendingConnections);
            return;
        }

        var connection = ServeAsync(socket, remote);
        _connections.TryAdd(connection, 0);
        _ = connection.ContinueWith(
            ended => _connections.TryRemove(ended, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task ServeAsync(Socket socket, EndPoint? remote)
    {
        await Task.Yield();
        var pending = new PendingConnection(() => Interlocked.Decrement(ref _pending));
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
            _refusals.Count(remote, certificate: null);
            if (MayLog("Tunnels refused in the handshake", remote))
                LogRefusedInHandshake(remote, e.Message);
        }
        catch (OperationCanceledException)
        {
            if (MayLog("Connections without a handshake", remote))
                LogHandshakeTimedOut(remote, _options.HandshakeTimeout.TotalSeconds);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            if (MayLog("Connections that failed", remote))
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

    private bool MayLog(string what, EndPoint? remote) => _refusals.MayLog($"{what}, from {(remote as IPEndPoint)?.Address}");

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

    [LoggerMessage(Level = LogLevel.Warning, Message = "A connection could not be accepted: {SocketError}")]
    private partial void LogAcceptFailed(SocketError socketError);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A connection from {RemoteEndPoint} was closed at once: more than {Refusals} from there were refused within a minute, and {PerSecond} each second are served")]
    private partial void LogSlowed(EndPoint? remoteEndPoint, int refusals, int perSecond);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A connection was closed at once: {Max} others have not greeted yet")]
    private partial void LogTooManyPending(int max);
}
