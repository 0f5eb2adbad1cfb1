using System.Text;
using Planton.Api;

namespace Planton.Cli.Hosting;

/// <summary>
/// What is written through it cannot steer a terminal, whoever wrote the text and whichever command prints it. JSON keeps its
/// meaning; YAML is written with its own escapes and arrives here without anything to replace.
/// </summary>
internal sealed class SafeWriter : TextWriter
{
    private readonly TextWriter _inner;

    public SafeWriter(TextWriter inner)
    {
        _inner = inner;
        CoreNewLine = ['\n'];
    }

    public override Encoding Encoding => _inner.Encoding;

    public override void Write(char value) => SafeText.WriteLines(_inner, [value]);

    public override void Write(char[] buffer, int index, int count) => SafeText.WriteLines(_inner, buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer) => SafeText.WriteLines(_inner, buffer);

    public override void Write(string? value) => _inner.Write(value is null ? null : SafeText.Lines(value));

    public override void WriteLine(string? value) => Write(value + "\n");

    public override Task WriteAsync(char value)
    {
        Write(value);
        return Task.CompletedTask;
    }

    public override Task WriteAsync(string? value)
    {
        Write(value);
        return Task.CompletedTask;
    }

    public override Task WriteAsync(ReadOnlyMemory<char> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return Task.CompletedTask;
    }

    public override void Flush() => _inner.Flush();

    public override Task FlushAsync() => _inner.FlushAsync();

    public override Task FlushAsync(CancellationToken cancellationToken) => _inner.FlushAsync(cancellationToken);
}
