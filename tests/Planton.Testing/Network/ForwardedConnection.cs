using System.Net.Sockets;

namespace Planton.Testing.Network;

/// <summary>One accepted connection and the one made for it to the target.</summary>
internal sealed class ForwardedConnection : IDisposable
{
    private readonly Socket _client;
    private readonly Socket _target;
    private readonly Flow _toTarget;
    private readonly Flow _fromTarget;

    public ForwardedConnection(Socket client, Socket target, FlowSettings toTarget, FlowSettings fromTarget)
    {
        _client = client;
        _target = target;
        _toTarget = new Flow(toTarget, client, target);
        _fromTarget = new Flow(fromTarget, target, client);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var running = new List<Task<bool>> { _toTarget.RunAsync(cancellationToken), _fromTarget.RunAsync(cancellationToken) };
        while (running.Count > 0)
        {
            var ended = await Task.WhenAny(running);
            running.Remove(ended);
            if (!await ended)
                Cut();
        }
    }

    public void HalfClose(FlowDirections directions)
    {
        if (directions.HasFlag(FlowDirections.ToTarget))
            _toTarget.HalfClose();
        if (directions.HasFlag(FlowDirections.FromTarget))
            _fromTarget.HalfClose();
    }

    /// <summary>Ends both sides with a reset.</summary>
    public void Cut()
    {
        Reset(_client);
        Reset(_target);
    }

    public static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Already closed.
        }

        socket.Dispose();
    }

    public void Dispose()
    {
        _client.Dispose();
        _target.Dispose();
    }
}
