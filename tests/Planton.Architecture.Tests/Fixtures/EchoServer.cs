using System.Net;
using System.Net.Sockets;

namespace Planton.Architecture.Tests.Fixtures;

/// <summary>Echoes what it gets, and counts the streams that ended well.</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private int _ended;

    public EchoServer()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _running = RunAsync();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    public int StreamsEnded => Volatile.Read(ref _ended);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var echoing = new List<Task>();
        try
        {
            while (true)
                echoing.Add(EchoAsync(await _listener.AcceptAsync(_stop.Token)));
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            await Task.WhenAll(echoing);
        }
    }

    private async Task EchoAsync(Socket socket)
    {
        using var owned = socket;
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, _stop.Token) is > 0 and var count)
                await socket.SendAsync(buffer.AsMemory(0, count), _stop.Token);
            Interlocked.Increment(ref _ended);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            // Cut, or the test is over.
        }
    }
}
