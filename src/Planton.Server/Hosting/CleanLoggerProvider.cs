using Planton.Api;

namespace Planton.Server.Hosting;

/// <summary>
/// Stands before what writes the log. What clients and runners sent is in messages, in their values and in exceptions: none of it
/// may forge a line, steer a terminal or show an API key.
/// </summary>
internal sealed class CleanLoggerProvider(ILoggerProvider inner) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new CleanLogger(inner.CreateLogger(categoryName));

    public void Dispose() => inner.Dispose();

    private static string Clean(string text) => SafeText.OneLine(ApiKeyMask.Apply(text));

    private sealed class CleanLogger(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (inner.IsEnabled(logLevel))
                inner.Log(logLevel, eventId, new CleanState(Clean(formatter(state, exception)), state), exception is null ? null : new CleanException(exception), (clean, _) => clean.ToString());
        }
    }

    /// <summary>The message, and its values by name for a log that keeps them apart.</summary>
    private sealed class CleanState(string message, object? state) : List<KeyValuePair<string, object?>>(
        (state as IEnumerable<KeyValuePair<string, object?>> ?? []).Select(pair => KeyValuePair.Create(pair.Key, Clean(pair.Value))))
    {
        public override string ToString() => message;

        // Numbers, times and the like hold nothing of anybody's and keep their type.
        private static object? Clean(object? value) =>
            Convert.GetTypeCode(value) is TypeCode.Object or TypeCode.String ? CleanLoggerProvider.Clean(value!.ToString() ?? "") : value;
    }

    private sealed class CleanException(Exception exception) : Exception
    {
        private readonly string _text = SafeText.Lines(ApiKeyMask.Apply(exception.ToString()));

        public override string ToString() => _text;
    }
}
