using Planton.Server.Hosting;

namespace Planton.Server.CertificateAuthority;

/// <summary>
/// Renews the server's certificate while the server runs: a server that is up for months must not serve an expired one. When it fails,
/// a third of the certificate's life is left to mend the disk.
/// </summary>
internal sealed class ServerCertificateRenewal(ServerCertificateStore store, TimeProvider time, ILogger<ServerCertificateRenewal> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new BackgroundLoop("renewing the server's certificate, every hour", Interval, time, logger).RunAsync(store.RenewIfDueAsync, stoppingToken);
}
