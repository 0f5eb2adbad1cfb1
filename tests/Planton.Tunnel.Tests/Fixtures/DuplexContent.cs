using System.Net;

namespace Planton.Tunnel.Tests.Fixtures;

/// <summary>A body that may still be on its way while the answer comes: what a proxy sends, and a plain byte array is not.</summary>
internal sealed class DuplexContent(ReadOnlyMemory<byte> bytes, Task? untilReleased = null) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(bytes);
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
