using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Planton.Server.Encryption;

/// <summary>
/// A JSON answer that carries secrets. They are put where their marks stand only on the way into the connection's own memory,
/// which is cleared after use (<see cref="Hosting.ClearedMemoryPoolFactory"/>), and are overwritten here afterwards.
/// </summary>
/// <param name="value">Has a mark in place of each secret.</param>
/// <param name="type">How it is written.</param>
/// <param name="secrets">By mark. A mark must be no text that a name can be.</param>
/// <param name="status">The HTTP status.</param>
internal sealed class SecretAnswer<T>(T value, JsonTypeInfo<T> type, IReadOnlyList<KeyValuePair<string, SecretBytes>> secrets, int status) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        try
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.ContentType = "application/json; charset=utf-8";
            Write(httpContext.Response.BodyWriter);
            await httpContext.Response.BodyWriter.FlushAsync(httpContext.RequestAborted).ConfigureAwait(false);
        }
        finally
        {
            foreach (var (_, secret) in secrets)
                secret.Dispose();
        }
    }

    private void Write(PipeWriter body)
    {
        var rest = (ReadOnlySpan<byte>)JsonSerializer.SerializeToUtf8Bytes(value, type);
        while (FirstMark(rest) is var (at, length, secret))
        {
            body.Write(rest[..at]);
            WriteText(body, secret.Span);
            rest = rest[(at + length)..];
        }

        body.Write(rest);
    }

    private (int At, int Length, SecretBytes Secret)? FirstMark(ReadOnlySpan<byte> json)
    {
        (int At, int Length, SecretBytes Secret)? first = null;
        foreach (var (mark, secret) in secrets)
        {
            var quoted = Encoding.ASCII.GetBytes($"\"{mark}\"");
            if (json.IndexOf(quoted) is var at and >= 0 && (first is null || at < first.Value.At))
                first = (at, quoted.Length, secret);
        }

        return first;
    }

    // Keys and PEM are printable ASCII but for the ends of lines.
    private static void WriteText(PipeWriter body, ReadOnlySpan<byte> text)
    {
        body.Write("\""u8);
        for (var end = text.IndexOf((byte)'\n'); end >= 0; end = text.IndexOf((byte)'\n'))
        {
            body.Write(text[..end]);
            body.Write("\\n"u8);
            text = text[(end + 1)..];
        }

        body.Write(text);
        body.Write("\""u8);
    }
}
