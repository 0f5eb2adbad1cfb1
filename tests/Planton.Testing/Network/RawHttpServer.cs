using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Planton.Testing.Network;

/// <summary>A server that answers each request with bytes of the test's own, which no HTTP server would write.</summary>
public sealed class RawHttpServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Func<string, Stream, CancellationToken, Task> _serve;
    private readonly Task _accepting;

    /// <param name="serve">Gets a request's head and where to answer it. The connection is closed after it.</param>
    public RawHttpServer(Func<string, Stream, CancellationToken, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <param name="answer">From a request's head to a response, a byte a character.</param>
    public RawHttpServer(Func<string, string> answer)
        : this((head, stream, cancellationToken) => stream.WriteAsync(Encoding.Latin1.GetBytes(answer(head)), cancellationToken).AsTask())
    {
    }

    /// <summary>Its address.</summary>
    public string Url => $"http://{_listener.LocalEndpoint}";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_ended.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            var head = new StringBuilder();
            var buffer = new byte[64 * 1024];
            while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
            {
                var read = await client.GetStream().ReadAsync(buffer, _ended.Token);
                if (read == 0)
                    return;
                head.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }

            await _serve(head.ToString(), client.GetStream(), _ended.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // The client had enough of it.
        }
    }
}
