using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Planton.Tunnel.Protocol;

/// <summary>Reads lines of JSON, each at most a given length, from a stream that it owns.</summary>
internal sealed class LineReader(Stream stream) : IAsyncDisposable
{
    private readonly PipeReader _reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 1024));

    /// <summary>The next line, or null at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">The line is longer than <paramref name="maxBytes"/>, or not such JSON.</exception>
    public async ValueTask<T?> ReadAsync<T>(JsonTypeInfo<T> type, int maxBytes, CancellationToken cancellationToken)
        where T : class
    {
        while (true)
        {
            var result = await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            var buffer = result.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, end);
                var value = line.Length <= maxBytes ? Parse(line, type) : throw TooLong(maxBytes);
                _reader.AdvanceTo(buffer.GetPosition(1, end));
                return value;
            }

            if (buffer.Length > maxBytes)
                throw TooLong(maxBytes);
            if (result.IsCompleted)
                return null;
            _reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    public ValueTask DisposeAsync() => _reader.CompleteAsync();

    private static T Parse<T>(ReadOnlySequence<byte> line, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            var json = new Utf8JsonReader(line);
            return JsonSerializer.Deserialize(ref json, type) ?? throw new InvalidDataException("a line of the link is null");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"a line of the link is not a {typeof(T).Name}", e);
        }
    }

    private static InvalidDataException TooLong(int maxBytes) => new($"a line of the link is longer than {maxBytes} bytes");
}
