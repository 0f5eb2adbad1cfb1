using Microsoft.EntityFrameworkCore;
using Planton.Server.CertificateAuthority;
using Planton.Server.Storage;

namespace Planton.Server.Gateway;

/// <summary>
/// Notices within seconds what <c>planton-server ca</c> did to the database, which it does beside this process: takes the
/// server's certificate from where it belongs, tells the runners, and ends the tunnels of what is retired.
/// </summary>
internal sealed partial class AuthorityWatch(
    IDbContextFactory<ControlPlaneContext> contexts, AuthorityRefresh authorities, CertificateAuthorityService authority, ServerCertificateStore serverCertificate,
    TrustPublisher trust, CertificateOptions options, TimeProvider time, ILogger<AuthorityWatch> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var told = authority.Authorities;
        try
        {
            while (true)
            {
                // Counted from the end of a look: after a long sleep of the machine there is nothing to catch up on.
                await Task.Delay(options.AuthorityInterval, time, stoppingToken).ConfigureAwait(false);
                told = await LookAsync(told, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task<AuthoritySet> LookAsync(AuthoritySet told, CancellationToken cancellationToken)
    {
        try
        {
            var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
            await using (context.ConfigureAwait(false))
                await authorities.RefreshAsync(context, cancellationToken).ConfigureAwait(false);
            // Whoever issues something may have noticed before.
            var now = authority.Authorities;
            if (now == told)
                return told;
            await serverCertificate.RenewIfDueAsync(cancellationToken).ConfigureAwait(false);
            await trust.TellAllAsync(cancellationToken).ConfigureAwait(false);
            await trust.DrainRetiredAsync(cancellationToken).ConfigureAwait(false);
            return now;
        }
        catch (Exception e) when (e is System.Data.Common.DbException or IOException or Hosting.StartupException)
        {
            // What is known goes on; the next look may succeed.
            LogNotRead(e);
            return told;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The certificate authorities could not be read; it is tried again")]
    private partial void LogNotRead(Exception exception);
}
