using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Planton.Server.Hosting;

/// <summary>
/// One port that speaks both TLS and plain HTTP, told apart by the first byte. Browsers and curl use the plain one; Kubernetes
/// clients send a bearer key over TLS only.
/// </summary>
internal static class TlsOrHttp
{
    // The content type of a TLS record that carries a handshake (RFC 8446, 5.1). No HTTP method begins with it.
    private const byte ClientHello = 0x16;

    public static void Configure(ListenOptions listen, TlsHandshakeCallbackOptions tls, TimeSpan firstByteTimeout, TimeProvider time)
    {
        ConnectionDelegate? http = null;
        // Built from the last to the first: the last one keeps what plain connections jump to, past the TLS in between.
        listen.Use(next => connection => ServeAsync(connection, next, http!, firstByteTimeout, time));
        listen.UseHttps(tls);
        listen.Use(next => http = next);
    }

    private static async Task ServeAsync(
        ConnectionContext connection, ConnectionDelegate tls, ConnectionDelegate http, TimeSpan firstByteTimeout, TimeProvider time)
    {
        var first = await PeekAsync(connection, firstByteTimeout, time).ConfigureAwait(false);
        if (first is not null)
            await (first == ClientHello ? tls(connection) : http(connection)).ConfigureAwait(false);
    }

    // Null when the client went away or sent nothing in time; returning then closes the connection.
    private static async Task<byte?> PeekAsync(ConnectionContext connection, TimeSpan timeout, TimeProvider time)
    {
        using var late = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, connection.ConnectionClosed);
        try
        {
            while (true)
            {
                var read = await connection.Transport.Input.ReadAsync(either.Token).ConfigureAwait(false);
                byte? first = read.Buffer.IsEmpty ? null : read.Buffer.FirstSpan[0];
                // Neither consumed nor examined: whoever serves the connection reads it again.
                connection.Transport.Input.AdvanceTo(read.Buffer.Start);
                if (first is not null || read.IsCompleted || read.IsCanceled)
                    return first;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ConnectionResetException or IOException)
        {
            return null;
        }
    }
}
