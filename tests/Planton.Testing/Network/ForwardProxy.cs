using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Planton.Testing.Network;

/// <summary>
/// An egress proxy that knows CONNECT alone, and the targets it is told. These can have names that resolve nowhere: a connection
/// to such a target has come through this proxy.
/// </summary>
public sealed class ForwardProxy : LoopbackProxy
{
    private const string EndOfHead = "\r\n\r\n";

    private readonly ConcurrentQueue<string> _forwarded = new();

    /// <summary>Where each <c>host:port</c> leads. What is not among them is answered with 502.</summary>
    public ConcurrentDictionary<string, IPEndPoint> Routes { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The status that every request is refused with; null: none is.</summary>
    public int? Refusal { get; set; }

    /// <summary>The targets that connections were made to so far, each as often as it was.</summary>
    public IReadOnlyCollection<string> Forwarded => _forwarded;

    /// <inheritdoc/>
    private protected override async Task ServeAsync(NetworkStream client, CancellationToken cancellationToken)
    {
        var request = (await ReadHeadAsync(client, cancellationToken)).Split(' ');
        if (request is not ["CONNECT", var authority, ..])
        {
            await AnswerAsync(client, 405, cancellationToken);
            return;
        }

        if (Refusal is { } refusal)
        {
            await AnswerAsync(client, refusal, cancellationToken);
            return;
        }

        if (!Routes.TryGetValue(authority, out var target))
        {
            await AnswerAsync(client, 502, cancellationToken);
            return;
        }

        _forwarded.Enqueue(authority);
        await JoinAsync(client, target, () => AnswerAsync(client, 200, cancellationToken), cancellationToken);
    }

    private static Task AnswerAsync(NetworkStream client, int status, CancellationToken cancellationToken)
    {
        // The answer that opens a tunnel has no body, and no length (RFC 9110, 9.3.6).
        var length = status == 200 ? "" : "Content-Length: 0\r\nConnection: close\r\n";
        var head = string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} Answer\r\n{length}\r\n");
        return client.WriteAsync(Encoding.ASCII.GetBytes(head), cancellationToken).AsTask();
    }

    private static async Task<string> ReadHeadAsync(NetworkStream client, CancellationToken cancellationToken)
    {
        // Byte by byte: what follows the head belongs to the target.
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith(EndOfHead, StringComparison.Ordinal) && await client.ReadAsync(one, cancellationToken) > 0)
            head.Append((char)one[0]);
        return head.ToString();
    }
}
