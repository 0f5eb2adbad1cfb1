using System.Net.Sockets;
using System.Threading.Channels;

namespace Planton.Testing.Network;

/// <summary>
/// Moves bytes one way. Reading and writing are two loops with a bounded queue between them, so that a delay adds latency
/// without taking bandwidth; and an end of stream takes the same way as bytes, so that a stalled flow hides that too.
/// </summary>
internal sealed class Flow(FlowSettings settings, Socket from, Socket to)
{
    private const int MaxChunks = 64;
    private const int ChunkBytes = 64 * 1024;

    private readonly Channel<Chunk> _queue = Channel.CreateBounded<Chunk>(
        new BoundedChannelOptions(MaxChunks) { SingleReader = true, SingleWriter = true });

    private volatile bool _closed;

    /// <summary>Completes true when the source ended well, false when either side broke.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = ReadAsync(stop.Token);
        var well = await WriteAsync(stop.Token);
        await stop.CancelAsync();
        await reading;
        return well;
    }

    /// <summary>Ends the stream towards the destination; what arrives after it is dropped.</summary>
    public void HalfClose()
    {
        _closed = true;
        ShutdownSend();
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var buffer = new byte[ChunkBytes];
                var count = await from.ReceiveAsync(buffer, cancellationToken);
                await _queue.Writer.WriteAsync(new Chunk(buffer.AsMemory(0, count), settings.Time.GetTimestamp()), cancellationToken);
                if (count == 0)
                    break;
            }

            _queue.Writer.TryComplete();
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            _queue.Writer.TryComplete(exception);
        }
    }

    private async Task<bool> WriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var chunk in _queue.Reader.ReadAllAsync(cancellationToken))
            {
                await PaceAsync(chunk, cancellationToken);
                await settings.Gate.PassAsync(cancellationToken);
                if (chunk.Bytes.Length == 0)
                    ShutdownSend();
                else if (!_closed)
                    await SendAsync(chunk.Bytes, cancellationToken);
            }

            return true;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // A broken source is silence, too, as long as the flow is stalled.
            try
            {
                await settings.Gate.PassAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                // The forwarder ends.
            }

            return false;
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            var sent = await to.SendAsync(bytes, cancellationToken);
            settings.Count(sent);
            bytes = bytes[sent..];
        }
    }

    private async Task PaceAsync(Chunk chunk, CancellationToken cancellationToken)
    {
        var wait = settings.Delay - settings.Time.GetElapsedTime(chunk.Arrived);
        if (settings.Delay > TimeSpan.Zero && wait > TimeSpan.Zero)
            await Task.Delay(wait, settings.Time, cancellationToken);
        if (settings.BytesPerSecond is > 0 and var rate)
            await Task.Delay(TimeSpan.FromSeconds((double)chunk.Bytes.Length / rate), settings.Time, cancellationToken);
    }

    private void ShutdownSend()
    {
        try
        {
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Already gone: there is nobody left to tell.
        }
    }

    private readonly record struct Chunk(ReadOnlyMemory<byte> Bytes, long Arrived);
}
