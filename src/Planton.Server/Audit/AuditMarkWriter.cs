using Planton.Server.Hosting;

namespace Planton.Server.Audit;

/// <summary>Writes the mark of the trail soon after it moved, at most once an interval, and at the stop.</summary>
internal sealed partial class AuditMarkWriter(AuditMark mark, ServerOptions options, TimeProvider time, ILogger<AuditMarkWriter> logger) : BackgroundService
{
    private bool _failing;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        await WriteAsync().ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await mark.Changes.ReadAsync(stoppingToken).ConfigureAwait(false))
            {
                await WriteAsync().ConfigureAwait(false);
                await Task.Delay(options.AuditMarkInterval, time, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is left is written by the stop.
        }
    }

    // Records go on while it fails: the database is then further ahead of the mark.
    private async Task WriteAsync()
    {
        try
        {
            await mark.WriteAsync(CancellationToken.None).ConfigureAwait(false);
            _failing = false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (!_failing)
                LogNotWritten(AuditMark.FileName, exception.Message);
            _failing = true;
            mark.Ask();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File} could not be written, and is retried: until then a rollback of the latest audit records is not noticed after a restart: {Reason}")]
    private partial void LogNotWritten(string file, string reason);
}
