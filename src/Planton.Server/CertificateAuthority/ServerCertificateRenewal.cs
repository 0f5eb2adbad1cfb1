namespace Planton.Server.CertificateAuthority;

/// <summary>Renews the server's certificate while the server runs: a server that is up for months must not serve an expired one.</summary>
internal sealed partial class ServerCertificateRenewal(ServerCertificateStore store, TimeProvider time, ILogger<ServerCertificateRenewal> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await WaitAsync(timer, stoppingToken).ConfigureAwait(false))
        {
            try
            {
                await store.RenewIfDueAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (IOException exception)
            {
                // The certificate in use goes on; a third of its life is left to mend the disk.
                LogFailed(exception);
            }
        }
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The server's certificate could not be renewed; it is tried again every hour")]
    private partial void LogFailed(Exception exception);
}
