using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Planton.Tunnel.Tests.Fixtures;

/// <summary>An HTTP proxy that knows CONNECT and nothing else. It answers as the test says, and then joins the two ends.</summary>
internal sealed class TestProxy : IAsyncDisposable
{
    private const string EndOfHead = "\r\n\r\n";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public TestProxy()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Uri => new($"http://{_listener.LocalEndpoint}");

    /// <summary>Gets the request's head, and returns the answer's; one that begins with 200 joins the ends.</summary>
    public Func<string, string> Answer { get; set; } = _ => "HTTP/1.1 200 Connection established\r\n\r\n";

    public List<string> Requests { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(ServeOneAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeOneAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            var stream = client.GetStream();
            var head = await ReadHeadAsync(stream);
            // A dialler that was stopped meanwhile leaves half a request, or none.
            if (!head.EndsWith(EndOfHead, StringComparison.Ordinal))
                return;
            lock (Requests)
                Requests.Add(head);
            var answer = Answer(head);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), _stop.Token);
            if (!answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
                return;
            using var target = new TcpClient();
            var authority = head.Split(' ')[1];
            await target.ConnectAsync("127.0.0.1", int.Parse(authority.Split(':')[^1], System.Globalization.CultureInfo.InvariantCulture), _stop.Token);
            await Task.WhenAny(stream.CopyToAsync(target.GetStream(), _stop.Token), target.GetStream().CopyToAsync(stream, _stop.Token));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
        {
            // Either end is gone, or the test is over.
        }
    }

    private async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith(EndOfHead, StringComparison.Ordinal) && await stream.ReadAsync(one, _stop.Token) > 0)
            head.Append((char)one[0]);
        return head.ToString();
    }
}
