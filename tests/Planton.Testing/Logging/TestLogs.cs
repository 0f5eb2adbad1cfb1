using Microsoft.Extensions.Logging;

namespace Planton.Testing.Logging;

/// <summary>
/// Collects what a program under test logs, and fails the test at dispose when an Error or Critical was logged that it did not
/// expect. <c>builder.Logging.AddProvider(logs)</c>; a host that disposes it too does no harm, since a logger factory swallows
/// what its providers throw and the test's own <c>using</c> checks again.
/// </summary>
public sealed class TestLogs : ILoggerProvider
{
    private const int MaxRecords = 100_000;

    private readonly Lock _lock = new();
    private readonly List<LogRecord> _records = [];
    private readonly List<Func<LogRecord, bool>> _expected = [];

    /// <summary>Everything logged so far, in order (the first 100,000 lines).</summary>
    public IReadOnlyList<LogRecord> Records
    {
        get
        {
            lock (_lock)
                return [.. _records];
        }
    }

    /// <summary>All of <see cref="Records"/> as text, a line each.</summary>
    public string Text => string.Join('\n', Records);

    /// <summary>The lines of level Error and Critical, expected or not.</summary>
    public IReadOnlyList<LogRecord> Errors => [.. Records.Where(r => r.Level >= LogLevel.Error)];

    /// <summary>The errors that no <see cref="ExpectError(Func{LogRecord, bool})"/> covers.</summary>
    public IReadOnlyList<LogRecord> UnexpectedErrors
    {
        get
        {
            lock (_lock)
                return [.. _records.Where(r => r.Level >= LogLevel.Error && !_expected.Exists(expected => expected(r)))];
        }
    }

    /// <summary>Allows the errors that <paramref name="matches"/> says yes to, before or after they are logged.</summary>
    public void ExpectError(Func<LogRecord, bool> matches)
    {
        lock (_lock)
            _expected.Add(matches);
    }

    /// <summary>Allows the errors of one category, or of those whose names begin with it.</summary>
    public void ExpectError(string category, string messageContains = "") =>
        ExpectError(r => r.Category.StartsWith(category, StringComparison.Ordinal) && r.Message.Contains(messageContains, StringComparison.Ordinal));

    /// <summary>Forgets all lines and all expectations: for a program that several tests share.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _records.Clear();
            _expected.Clear();
        }
    }

    /// <summary>Fails the test when an error was logged that it did not expect.</summary>
    public void AssertNoUnexpectedErrors()
    {
        var unexpected = UnexpectedErrors;
        if (unexpected.Count > 0)
            Assert.Fail($"logged {unexpected.Count} unexpected error(s):\n{string.Join('\n', unexpected.Take(10))}");
    }

    /// <summary>Waits for a line that is there already or comes in time.</summary>
    public async Task<LogRecord> WaitForAsync(
        Func<LogRecord, bool> matches, string what, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        LogRecord? found = null;
        await Eventually.BecomesTrueAsync(
            () => (found = Records.FirstOrDefault(matches)) is not null, $"the log line: {what}", timeout, cancellationToken);
        return found!;
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new TestLogger(this, categoryName);

    /// <inheritdoc/>
    public void Dispose() => AssertNoUnexpectedErrors();

    internal void Add(LogRecord record)
    {
        lock (_lock)
        {
            // Errors are what the test stands or falls with: they are kept even past the bound.
            if (_records.Count < MaxRecords || record.Level >= LogLevel.Error)
                _records.Add(record);
        }
    }
}
