using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Planton.Server.Tests.Fixture;

/// <summary>Keeps every log line. An error that the test did not announce fails it.</summary>
internal sealed class RecordedLog : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = [];

    /// <summary>Set by a test that provokes an error.</summary>
    public Func<string, bool> Expected { get; set; } = _ => false;

    public string Text => string.Join('\n', _lines.Select(line => line.Text));

    public IReadOnlyList<string> Errors => [.. _lines.Where(line => line.Level >= LogLevel.Error).Select(line => line.Text)];

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void AssertNoUnexpectedErrors()
    {
        if (Errors.FirstOrDefault(error => !Expected(error)) is { } unexpected)
            Assert.Fail($"the server logged an error: {unexpected}");
    }

    public void Dispose()
    {
    }

    private sealed class Logger(RecordedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log._lines.Enqueue((logLevel, $"{logLevel} {category}: {formatter(state, exception)} {exception}"));
    }
}
