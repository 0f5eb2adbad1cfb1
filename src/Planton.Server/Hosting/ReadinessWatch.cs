namespace Planton.Server.Hosting;

/// <summary>Logs when the server stops to be ready and when it is again, whether or not anybody asks.</summary>
internal sealed partial class ReadinessWatch(Readiness readiness, TimeProvider time, ILogger<ReadinessWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private string? _reason;
    private long _since;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new BackgroundLoop("watching whether the server is ready", Interval, time, logger).RunAsync(LookAsync, stoppingToken);

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var unready = await readiness.AskAsync(cancellationToken).ConfigureAwait(false);
        if (unready?.Reason == _reason)
            return;
        var seconds = time.GetElapsedTime(_since).TotalSeconds;
        if (unready is null)
            LogReady(seconds, _reason!);
        else
            LogUnready(unready.Cause, unready.Reason);
        if (_reason is null)
            _since = time.GetTimestamp();
        _reason = unready?.Reason;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not ready: {Reason}. Requests that need it are answered with 503 until it is over; nothing needs a restart")]
    private partial void LogUnready(Exception? exception, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Ready again after {Seconds:0} s: {Reason} no longer")]
    private partial void LogReady(double seconds, string reason);
}
