using System.Net;

namespace Planton.Tunnel.Tests.Fixtures;

/// <summary>A body that may still be on its way while the answer comes: what a proxy sends, and a plain byte array is not.</summary>
internal sealed class DuplexContent(ReadOnlyMemory<byte> bytes, Task? untilReleased = null) : HttpContent
{
    /// <summary>How many bytes are handed to the tunnel at a time.</summary>
    public const int PieceBytes = 64 * 1024;

    private long _sent;

    /// <summary>How many bytes the tunnel's windows have let through.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        for (var rest = bytes; rest.Length > 0;)
        {
            var piece = rest[..Math.Min(PieceBytes, rest.Length)];
            await stream.WriteAsync(piece);
            Interlocked.Add(ref _sent, piece.Length);
            rest = rest[piece.Length..];
        }

        await stream.FlushAsync();
        if (untilReleased is not null)
            await untilReleased;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
