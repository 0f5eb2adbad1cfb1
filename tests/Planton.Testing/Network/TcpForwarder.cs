using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Planton.Testing.Network;

/// <summary>
/// A loopback TCP forwarder in front of a target, that can do to a connection what networks do: delay, slow down, swallow
/// bytes in silence, cut, half-close, refuse. It begins as a plain forwarder; every fault applies to open and new connections.
/// </summary>
public sealed class TcpForwarder : IAsyncDisposable
{
    private readonly IPEndPoint _target;
    private readonly FlowSettings _toTarget = new();
    private readonly FlowSettings _fromTarget = new();
    private readonly ConcurrentDictionary<ForwardedConnection, Task> _connections = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;
    private int _accepted;
    private bool _disposed;

    private TcpForwarder(IPEndPoint target)
    {
        _target = target;
        EndPoint = new IPEndPoint(IPAddress.Loopback, 0);
        AcceptNewConnections();
    }

    /// <summary>Where to connect to instead of the target.</summary>
    public IPEndPoint EndPoint { get; private set; }

    /// <summary><see cref="EndPoint"/> as <c>127.0.0.1:port</c>.</summary>
    public string Address => EndPoint.ToString();

    /// <summary>Connections accepted so far.</summary>
    public int ConnectionsAccepted => Volatile.Read(ref _accepted);

    /// <summary>Connections open now.</summary>
    public int OpenConnections => _connections.Count;

    /// <summary>Bytes handed on to the target so far.</summary>
    public long BytesToTarget => _toTarget.Bytes;

    /// <summary>Bytes handed back from the target so far.</summary>
    public long BytesFromTarget => _fromTarget.Bytes;

    /// <summary>Starts a forwarder on a free loopback port.</summary>
    public static TcpForwarder Start(IPEndPoint target) => new(target);

    /// <inheritdoc cref="Start(IPEndPoint)"/>
    /// <param name="target"><c>address:port</c>, of loopback.</param>
    public static TcpForwarder Start(string target) => new(IPEndPoint.Parse(target));

    /// <summary>Adds latency to every chunk, without taking bandwidth.</summary>
    public void Delay(TimeSpan delay, FlowDirections directions = FlowDirections.Both) => Each(directions, flow => flow.Delay = delay);

    /// <summary>Limits each connection's rate; 0 lifts the limit.</summary>
    public void LimitRate(long bytesPerSecond, FlowDirections directions = FlowDirections.Both) =>
        Each(directions, flow => flow.BytesPerSecond = bytesPerSecond);

    /// <summary>Stops moving bytes (and ends of stream) in silence: connections stay open, as behind a firewall that drops packets.</summary>
    public void Stall(FlowDirections directions = FlowDirections.Both) => Each(directions, flow => flow.Gate.Close());

    /// <summary>Undoes <see cref="Stall"/>: what was held is delivered, in order.</summary>
    public void Resume(FlowDirections directions = FlowDirections.Both) => Each(directions, flow => flow.Gate.Open());

    /// <summary>Resets every open connection (RST to both sides). New ones are still accepted.</summary>
    public void Cut()
    {
        foreach (var connection in _connections.Keys)
            connection.Cut();
    }

    /// <summary>Ends the stream (FIN) of every open connection in the given directions; bytes after it are dropped.</summary>
    public void HalfClose(FlowDirections directions)
    {
        foreach (var connection in _connections.Keys)
            connection.HalfClose(directions);
    }

    /// <summary>Closes the listening socket: connecting is refused. Open connections go on.</summary>
    public async Task RefuseNewConnectionsAsync()
    {
        Task accepting;
        lock (_lock)
        {
            _listener?.Dispose();
            _listener = null;
            accepting = _accepting;
        }

        await accepting;
    }

    /// <summary>Listens again on the same port.</summary>
    public void AcceptNewConnections()
    {
        lock (_lock)
        {
            if (_listener is not null)
                return;
            var listener = new Socket(EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(EndPoint);
            listener.Listen(512);
            EndPoint = (IPEndPoint)listener.LocalEndPoint!;
            _listener = listener;
            _accepting = AcceptAsync(listener);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // A test may end it before its end.
        if (Interlocked.Exchange(ref _disposed, true))
            return;
        await RefuseNewConnectionsAsync();
        await _stop.CancelAsync();
        var running = _connections.ToArray();
        foreach (var (connection, _) in running)
            connection.Cut();
        await Task.WhenAll(running.Select(pair => pair.Value));
        _stop.Dispose();
    }

    private void Each(FlowDirections directions, Action<FlowSettings> change)
    {
        if (directions.HasFlag(FlowDirections.ToTarget))
            change(_toTarget);
        if (directions.HasFlag(FlowDirections.FromTarget))
            change(_fromTarget);
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
                await ForwardAsync(await listener.AcceptAsync(_stop.Token));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The listener was closed.
        }
    }

    private async Task ForwardAsync(Socket client)
    {
        Interlocked.Increment(ref _accepted);
        var target = new Socket(_target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        try
        {
            await target.ConnectAsync(_target, _stop.Token);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            target.Dispose();
            ForwardedConnection.Reset(client);
            return;
        }

        var connection = new ForwardedConnection(client, target, _toTarget, _fromTarget);
        var registered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _connections[connection] = RunAsync(connection, registered.Task);
        registered.SetResult();
    }

    private async Task RunAsync(ForwardedConnection connection, Task registered)
    {
        await registered;
        await connection.RunAsync(_stop.Token);
        connection.Dispose();
        _connections.TryRemove(connection, out _);
    }
}
