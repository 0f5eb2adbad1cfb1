using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Planton.Runner.Tests.Fixtures;

/// <summary>An HTTP proxy that knows CONNECT, sends every name to loopback, and may ask for a password.</summary>
internal sealed class ConnectProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly string? _password;
    private readonly int _refusal;
    private readonly Task _accepting;

    public ConnectProxy(string? password = null, int refusal = 0)
    {
        (_password, _refusal) = (password, refusal);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public ConcurrentQueue<string> Targets { get; } = new();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                while (await HeadAsync(stream) is { Length: > 0 } head)
                {
                    var target = head.Split(' ')[1];
                    var wanted = Convert.ToBase64String(Encoding.UTF8.GetBytes($"user:{_password}"));
                    if (_password is not null && !head.Contains(wanted, StringComparison.Ordinal))
                    {
                        await stream.WriteAsync("HTTP/1.1 407 Auth\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), _stop.Token);
                        continue;
                    }

                    if (_refusal > 0)
                    {
                        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {_refusal} No\r\nContent-Length: 0\r\n\r\n"), _stop.Token);
                        return;
                    }

                    Targets.Enqueue(target);
                    using var upstream = new TcpClient();
                    await upstream.ConnectAsync(IPAddress.Loopback, int.Parse(target[(target.LastIndexOf(':') + 1)..], null), _stop.Token);
                    await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), _stop.Token);
                    await Task.WhenAny(
                        stream.CopyToAsync(upstream.GetStream(), _stop.Token), upstream.GetStream().CopyToAsync(stream, _stop.Token));
                    return;
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // One end is gone.
            }
        }
    }

    private async Task<string> HeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
                return "";
            head.Append((char)one[0]);
        }

        return head.ToString();
    }
}
