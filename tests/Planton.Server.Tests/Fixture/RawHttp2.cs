using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Planton.Server.Tests.Fixture;

/// <summary>One HTTP/2 connection on which requests are sent byte for byte, also those that an HTTP client refuses to send.</summary>
internal sealed class RawHttp2 : IDisposable
{
    private const byte Headers = 1;
    private const byte Settings = 4;
    private const byte GoAway = 7;
    private const byte EndStreamAndHeaders = 5;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    private readonly TcpClient _tcp;
    private readonly SslStream _stream;
    private int _nextStream = 1;

    private RawHttp2(TcpClient tcp, SslStream stream) => (_tcp, _stream) = (tcp, stream);

    public static async Task<RawHttp2> ConnectAsync(ServerFixture server)
    {
        var tcp = await server.ConnectAsync();
        var stream = new SslStream(tcp.GetStream());
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "127.0.0.1", ApplicationProtocols = [SslApplicationProtocol.Http2], CertificateChainPolicy = Certificates.TrustOf(server),
            },
            TestContext.Current.CancellationToken);
        await stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        var connection = new RawHttp2(tcp, stream);
        await connection.WriteAsync(Settings, 0, 0, []);
        return connection;
    }

    /// <summary>
    /// Sends a request without a body, whose characters are bytes, and returns the first byte of its response's HPACK block, which says the
    /// status; null when the server closed the connection instead.
    /// </summary>
    public async Task<byte?> SendAsync(params (string Name, string Value)[] fields)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        cancel.CancelAfter(Limit);
        var block = fields.SelectMany(field => (byte[])[0, .. Text(field.Name), .. Text(field.Value)]).ToArray();
        var id = _nextStream;
        _nextStream += 2;
        await WriteAsync(Headers, EndStreamAndHeaders, id, block);
        var head = new byte[9];
        while (true)
        {
            await _stream.ReadExactlyAsync(head, cancel.Token);
            var payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
            await _stream.ReadExactlyAsync(payload, cancel.Token);
            if (head[3] == GoAway)
                return null;
            if (head[3] == Headers && BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)) == id)
                return payload[0];
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        _tcp.Dispose();
    }

    // Literals of at most 126 bytes, without compression (RFC 7541, section 6.2.2).
    private static byte[] Text(string text) => [checked((byte)text.Length), .. Encoding.Latin1.GetBytes(text)];

    private async Task WriteAsync(byte type, byte flags, int stream, byte[] payload)
    {
        byte[] frame = [(byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags, 0, 0, 0, 0, .. payload];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        await _stream.WriteAsync(frame, TestContext.Current.CancellationToken);
    }
}
