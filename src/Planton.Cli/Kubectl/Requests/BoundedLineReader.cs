using System.Buffers;
using System.IO.Pipelines;

namespace Planton.Cli.Kubectl.Requests;

/// <summary>Reads lines of a stream, and never holds more than one of the greatest length: a watch has no end to wait for.</summary>
/// <remarks>The stream belongs to its maker.</remarks>
internal sealed class BoundedLineReader(Stream stream, int maxLength)
{
    private const int BlockSize = 64 * 1024;
    private readonly PipeReader _pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: BlockSize, leaveOpen: true));

    /// <summary>The next line, without its end.</summary>
    /// <returns>Null at the end of the stream.</returns>
    /// <exception cref="InvalidDataException">The line is longer than the greatest length.</exception>
    public async Task<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        // What was searched already is not searched again: a long line comes in many blocks.
        var searched = 0L;
        while (true)
        {
            var read = await _pipe.ReadAsync(cancellationToken).ConfigureAwait(false);
            var buffer = read.Buffer;
            if (buffer.Slice(searched).PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, end);
                if (line.Length > maxLength)
                    throw TooLong();
                return Take(line, buffer.GetPosition(1, end));
            }

            searched = buffer.Length;
            if (searched > maxLength)
                throw TooLong();
            if (read.IsCompleted)
                return searched == 0 ? null : Take(buffer, buffer.End);
            _pipe.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private byte[] Take(ReadOnlySequence<byte> line, SequencePosition next)
    {
        var taken = line.ToArray();
        _pipe.AdvanceTo(next);
        return taken;
    }

    private InvalidDataException TooLong() => new($"a line is longer than {maxLength} bytes");
}
