using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Planton.Server.Tests.Storage.PostgreSql;

/// <summary>
/// Poses as a PostgreSQL that speaks no TLS and asks for the password in the clear, on this machine under its own name: that is how
/// somebody in between would come by the password. The messages are those of PostgreSQL's protocol, version 3.
/// </summary>
internal sealed class PlainPostgreSql : IAsyncDisposable
{
    private const int CodeAfterLength = 4;
    private const int StartupVersion = 196608;

    private readonly TcpListener _listener;
    private readonly Task _serving;
    private readonly CancellationTokenSource _end = new();
    private readonly StringBuilder _heard = new();

    public PlainPostgreSql()
    {
        var address = Dns.GetHostAddresses(Dns.GetHostName(), AddressFamily.InterNetwork)[0];
        _listener = new TcpListener(address, 0);
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Url => $"postgres://kim:hunter2@{Dns.GetHostName()}:{((IPEndPoint)_listener.LocalEndpoint).Port}/planton";

    /// <summary>Everything that was sent in the clear after TLS was declined.</summary>
    public async Task<string> HeardAsync()
    {
        await _end.CancelAsync();
        await _serving;
        return _heard.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_end.Token);
                await ConverseAsync(client.GetStream());
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task ConverseAsync(NetworkStream stream)
    {
        try
        {
            while (true)
            {
                var message = await ReadAsync(stream, typed: false);
                if (BinaryPrimitives.ReadInt32BigEndian(message.AsSpan(0, CodeAfterLength)) == StartupVersion)
                    break;
                // A request for TLS, or for GSS: declined.
                await stream.WriteAsync("N"u8.ToArray(), _end.Token);
            }

            // AuthenticationCleartextPassword.
            await stream.WriteAsync(new byte[] { (byte)'R', 0, 0, 0, 8, 0, 0, 0, 3 }, _end.Token);
            await ReadAsync(stream, typed: true);
        }
        catch (Exception exception) when (exception is IOException or EndOfStreamException)
        {
            // It hung up.
        }
    }

    private async Task<byte[]> ReadAsync(NetworkStream stream, bool typed)
    {
        var head = new byte[(typed ? 1 : 0) + sizeof(int)];
        await stream.ReadExactlyAsync(head, _end.Token);
        var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(head.Length - sizeof(int))) - sizeof(int)];
        await stream.ReadExactlyAsync(body, _end.Token);
        _heard.Append(Encoding.ASCII.GetString(body));
        return body;
    }
}
