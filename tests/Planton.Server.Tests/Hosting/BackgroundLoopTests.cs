using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Planton.Server.Hosting;
using Planton.Testing.Logging;

namespace Planton.Server.Tests.Hosting;

/// <summary>Background work goes on, whatever it throws: the loop alone, with a clock that the test moves.</summary>
public sealed class BackgroundLoopTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly FakeTimeProvider _time = new();
    private readonly TestLogs _logs = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<TimeSpan> _pauses = [];

    public void Dispose()
    {
        _stop.Dispose();
        _logs.Dispose();
    }

    [Fact]
    public async Task ATurnThatFailsIsTriedAgain_WithLongerPauses_UntilItWorks()
    {
        var turns = 0;
        await RunAsync(Interval, _ =>
        {
            turns++;
            if (turns <= 5)
                throw new InvalidOperationException("wrapped", new SqliteException("locked", 5));
            if (turns == 8)
                _stop.Cancel();
            return Task.CompletedTask;
        });
        Assert.Equal([200, 400, 800, 1000, 1000, 1000, 200, 200], _pauses.Select(pause => (int)pause.TotalMilliseconds).Take(8));
        var lines = _logs.Records.Select(record => record.Message).ToList();
        Assert.Equal(
            ["Failed (1 times in a row): the work, because the database is locked or too busy; retrying", "Works again after 5 failures in 4.2 s: the work"], lines);
    }

    [Fact]
    public async Task ALongIntervalIsNoLongerAfterAFailure_AndOneWithoutAnIntervalPauses()
    {
        await RunAsync(TimeSpan.FromHours(1), Failing(3));
        Assert.All(_pauses.Skip(1).Take(2), pause => Assert.Equal(TimeSpan.FromHours(1), pause));
        _pauses.Clear();
        using var again = new BackgroundLoopTests();
        await again.RunAsync(TimeSpan.Zero, again.Failing(6));
        Assert.Equal([0, 100, 200, 400, 800, 1000], again._pauses.Select(pause => (int)pause.TotalMilliseconds).Take(6));
    }

    [Fact]
    public async Task ABugIsLoggedWithItsTrace_OnceAMinute_AndEndsNothing()
    {
        _logs.ExpectError("test");
        await RunAsync(TimeSpan.FromSeconds(20), turn => throw Bug(turn, 8));
        // At 20, 80 and 140 s.
        Assert.Equal([1, 4, 7], _logs.Errors.Select(error => int.Parse(error.Message.Split('(')[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.All(_logs.Errors, error => Assert.IsType<NotSupportedException>(error.Exception));
    }

    [Fact]
    public async Task AStopEndsIt_InATurnAsWellAsBetweenTurns()
    {
        var entered = new TaskCompletionSource();
        var running = new BackgroundLoop("the work", TimeSpan.Zero, _time, _logs.CreateLogger("test")).RunAsync(
            async token =>
            {
                entered.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            },
            _stop.Token);
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        await _stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Empty(_logs.Records);
    }

    private int _thrown;

    private NotSupportedException Bug(CancellationToken _, int turns)
    {
        if (++_thrown == turns)
            _stop.Cancel();
        return new NotSupportedException("a bug");
    }

    private Func<CancellationToken, Task> Failing(int turns) => _ =>
    {
        if (++_thrown == turns)
            _stop.Cancel();
        throw new SqliteException("locked", 5);
    };

    // Each pause is noted and passes at once.
    private Task RunAsync(TimeSpan interval, Func<CancellationToken, Task> turn) =>
        new BackgroundLoop("the work", interval, _time, _logs.CreateLogger("test")).RunAsync(turn, _stop.Token, (pause, token) =>
        {
            token.ThrowIfCancellationRequested();
            _pauses.Add(pause);
            _time.Advance(pause);
            return Task.CompletedTask;
        });
}
