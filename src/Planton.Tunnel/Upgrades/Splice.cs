using System.Buffers;

namespace Planton.Tunnel.Upgrades;

/// <summary>Joins two duplex streams until either ends.</summary>
internal static class Splice
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>Copies both ways. Returns when one direction has ended, by end of stream or by a fault; the other is then stopped.</summary>
    public static async Task RunAsync(Stream one, Stream other, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var there = CopyAsync(one, other, stop.Token);
        var back = CopyAsync(other, one, stop.Token);
        await Task.WhenAny(there, back).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(there, back).ConfigureAwait(false);
    }

    private static async Task CopyAsync(Stream from, Stream to, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (await from.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
            {
                await to.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                await to.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or HttpRequestException)
        {
            // One side is gone: that is how such a connection ends.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
