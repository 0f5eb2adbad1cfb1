using Planton.Server.Storage;

namespace Planton.Server.Hosting;

/// <summary>
/// Does background work again and again until the server stops. Whatever is thrown is logged and tried again, and ends neither the
/// work nor the host. For one task.
/// </summary>
/// <param name="work">What is done, as a noun phrase for the log.</param>
/// <param name="interval">From the end of one turn to the next; zero when the wait is the caller's.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Of the service that does it.</param>
internal sealed partial class BackgroundLoop(string work, TimeSpan interval, TimeProvider time, ILogger logger)
{
    /// <summary>The longest pause after a failure, unless the interval is longer: what waits for the database goes on soon after its return.</summary>
    public static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LogInterval = TimeSpan.FromMinutes(1);

    private int _failures;
    private long _failedSince;
    private long? _logged;

    /// <summary>Returns when the server stops.</summary>
    /// <param name="turn">The work.</param>
    /// <param name="stoppingToken">Cancelled when the server stops.</param>
    /// <param name="wait">Waits before each turn, for at least the given time after a failure; a delay if null.</param>
    public async Task RunAsync(Func<CancellationToken, Task> turn, CancellationToken stoppingToken, Func<TimeSpan, CancellationToken, Task>? wait = null)
    {
        wait ??= (pause, cancellationToken) => Task.Delay(pause, time, cancellationToken);
        var pause = interval;
        try
        {
            while (true)
            {
                await wait(pause, stoppingToken).ConfigureAwait(false);
                pause = await TryAsync(turn, stoppingToken).ConfigureAwait(false) ? interval : Longer(pause);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    /// <summary>One turn; false when it failed, which is logged.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<bool> TryAsync(Func<CancellationToken, Task> turn, CancellationToken cancellationToken)
    {
        try
        {
            await turn(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            Failed(exception);
            return false;
        }

        if (_failures > 0)
        {
            var seconds = time.GetElapsedTime(_failedSince).TotalSeconds;
            LogGoesOn(_failures, seconds, work);
        }

        (_failures, _logged) = (0, null);
        return true;
    }

    private TimeSpan Longer(TimeSpan pause)
    {
        var longest = interval > MaxPause ? interval : MaxPause;
        return pause * 2 < FirstPause ? FirstPause : pause * 2 < longest ? pause * 2 : longest;
    }

    private void Failed(Exception exception)
    {
        var now = time.GetTimestamp();
        if (_failures++ == 0)
            _failedSince = now;
        if (_logged is { } logged && time.GetElapsedTime(logged, now) < LogInterval)
            return;
        _logged = now;
        if (DatabaseFaults.Of(exception) is { } fault)
            LogNoDatabase(_failures, work, fault.Describe());
        else
            LogFailed(exception, _failures, work);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Failed ({Failures} times in a row): {Work}, because {Reason}; retrying")]
    private partial void LogNoDatabase(int failures, string work, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Failed ({Failures} times in a row): {Work}; retrying")]
    private partial void LogFailed(Exception exception, int failures, string work);

    [LoggerMessage(Level = LogLevel.Information, Message = "Works again after {Failures} failures in {Seconds:0.0} s: {Work}")]
    private partial void LogGoesOn(int failures, double seconds, string work);
}
