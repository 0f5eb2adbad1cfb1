using Microsoft.Extensions.Logging;

namespace Planton.Testing.Logging;

internal sealed class TestLogger(TestLogs logs, string category) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        logs.Add(new LogRecord(category, logLevel, eventId, formatter(state, exception), exception));
}
