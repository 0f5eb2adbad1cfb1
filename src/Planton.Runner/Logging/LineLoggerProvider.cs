using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Planton.Api;

namespace Planton.Runner.Logging;

/// <summary>One event, one line, through the masker. Standard output stays free for data.</summary>
internal sealed class LineLoggerProvider(TextWriter output, LogFormat format, SecretMasker masker, TimeProvider time) : ILoggerProvider
{
    private const string LineBreak = " ⏎ ";

    private readonly Lock _gate = new();

    public ILogger CreateLogger(string categoryName) => new LineLogger(this, categoryName);

    public void Dispose()
    {
    }

    internal void Write(string category, LogLevel level, EventId id, string message, Exception? exception)
    {
        var line = format == LogFormat.Json
            ? Json(category, level, id, message, exception)
            : Text(category, level, message, exception);
        lock (_gate)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }

    private string Text(string category, LogLevel level, string message, Exception? exception)
    {
        var at = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        var text = exception is null ? message : $"{message} | {exception.GetType().Name}: {exception.Message}";
        return $"{at} {Short(level)} {category[(category.LastIndexOf('.') + 1)..]}: {SafeText.OneLine(masker.Apply(text).ReplaceLineEndings(LineBreak))}";
    }

    private string Json(string category, LogLevel level, EventId id, string message, Exception? exception)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("time", time.GetUtcNow().UtcDateTime);
            json.WriteString("level", Short(level).TrimEnd());
            json.WriteString("category", category);
            if (!string.IsNullOrEmpty(id.Name))
                json.WriteString("event", id.Name);
            json.WriteString("message", Clean(message));
            if (exception is not null)
                json.WriteString("error", Clean(exception.ToString()));
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    // JSON has escapes of its own, which whoever reads it undoes.
    private string Clean(string text) => SafeText.Lines(masker.Apply(text).ReplaceLineEndings("\n"));

    private static string Short(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info ",
        LogLevel.Warning => "warn ",
        _ => "error",
    };
}
