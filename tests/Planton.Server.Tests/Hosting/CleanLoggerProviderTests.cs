using Microsoft.Extensions.Logging;
using Planton.Server.Hosting;

namespace Planton.Server.Tests.Hosting;

public sealed class CleanLoggerProviderTests
{
    private const string Key = "pck_0123456789abSECRET";

    [Fact]
    public void MessageValuesAndException_ArePassedOnClean_AndNumbersAsTheyAre()
    {
        using var seen = new Seen();
        using var provider = new CleanLoggerProvider(seen);
        var state = new Dictionary<string, object?> { ["Path"] = $"/{Key}\u001b", ["Status"] = 200, ["Url"] = new Uri($"http://x/{Key}"), ["None"] = null };

        provider.CreateLogger("Test").Log(
            LogLevel.Warning, new EventId(7, "Named"), state, new InvalidOperationException($"why\n{Key}\u202e"), (_, _) => $"two\nlines {Key}\u009b");

        Assert.Equal((LogLevel.Warning, new EventId(7, "Named"), @"two\u000alines pck_0123456789ab…\u009b"), (seen.Level, seen.Id, seen.Message));
        Assert.Equal(
            [("Path", @"/pck_0123456789ab…\u001b"), ("Status", 200), ("Url", "http://x/pck_0123456789ab…"), ("None", null)],
            seen.Values.Select(pair => (pair.Key, pair.Value)));
        Assert.Contains("why\npck_0123456789ab…\\u202e", seen.Exception!.ToString(), StringComparison.Ordinal);
    }

    private sealed class Seen : ILoggerProvider, ILogger
    {
        public LogLevel Level { get; private set; }

        public EventId Id { get; private set; }

        public string Message { get; private set; } = "";

        public IReadOnlyList<KeyValuePair<string, object?>> Values { get; private set; } = [];

        public Exception? Exception { get; private set; }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            (Level, Id, Message, Exception) = (logLevel, eventId, formatter(state, exception), exception);
            Values = (IReadOnlyList<KeyValuePair<string, object?>>)(object)state!;
        }

        public void Dispose()
        {
        }
    }
}
