using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;

namespace SampleCluster.Exec;

/// <summary>The channels of one exec session over one WebSocket.</summary>
internal sealed class ExecConnection(WebSocket socket) : IDisposable
{
    private const int MaxInputBuffered = 1 << 20;
    private const int MessageBytes = 64 * 1024;

    private readonly Pipe _input = new(new PipeOptions(pauseWriterThreshold: MaxInputBuffered, resumeWriterThreshold: MaxInputBuffered / 2));
    private readonly SemaphoreSlim _sending = new(1);

    public PipeReader Input => _input.Reader;

    public Stream Channel(byte channel) => new ExecChannelStream(this, channel);

    /// <summary>Takes what the client sends until it closes; a slow reader of the input slows the client down.</summary>
    public async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[MessageBytes];
        byte? channel = null;
        try
        {
            while (true)
            {
                var received = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
                if (received.MessageType == WebSocketMessageType.Close)
                    break;
                var content = buffer.AsMemory(0, received.Count);
                if (channel is null && content.Length > 0)
                {
                    channel = content.Span[0];
                    content = content[1..];
                }

                if (channel == ExecChannel.Input)
                    await _input.Writer.WriteAsync(content, cancellationToken);
                else if (channel == ExecChannel.Close && content.Length > 0 && content.Span[0] == ExecChannel.Input)
                    await _input.Writer.CompleteAsync();
                if (received.EndOfMessage)
                    channel = null;
            }
        }
        catch (WebSocketException)
        {
            // The client is gone: that ends the input, and the session.
        }
        finally
        {
            await _input.Writer.CompleteAsync();
        }
    }

    public async Task SendAsync(byte channel, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var message = ArrayPool<byte>.Shared.Rent(content.Length + 1);
        await _sending.WaitAsync(cancellationToken);
        try
        {
            message[0] = channel;
            content.CopyTo(message.AsMemory(1));
            await socket.SendAsync(message.AsMemory(0, content.Length + 1), WebSocketMessageType.Binary, true, cancellationToken);
        }
        finally
        {
            _sending.Release();
            ArrayPool<byte>.Shared.Return(message);
        }
    }

    public Task CloseAsync(CancellationToken cancellationToken) =>
        socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);

    public void Dispose() => _sending.Dispose();
}
