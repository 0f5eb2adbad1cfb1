namespace SampleCluster.Exec.Shell;

/// <summary>What a terminal driver does to output: a line feed becomes carriage return and line feed.</summary>
internal sealed class TerminalOutput(Stream inner) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var translated = new byte[buffer.Length + buffer.Span.Count((byte)'\n')];
        var at = 0;
        foreach (var value in buffer.ToArray())
        {
            if (value == '\n')
                translated[at++] = (byte)'\r';
            translated[at++] = value;
        }

        await inner.WriteAsync(translated, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
