using Microsoft.EntityFrameworkCore;
using Planton.Server.CertificateAuthority;
using Planton.Server.Hosting;
using Planton.Server.Storage;

namespace Planton.Server.Gateway;

/// <summary>
/// Notices within seconds what <c>planton-server ca</c> did to the database, which it does beside this process: takes the
/// server's certificate from where it belongs, tells the runners, and ends the tunnels of what is retired.
/// </summary>
internal sealed class AuthorityWatch(
    IDbContextFactory<ControlPlaneContext> contexts, AuthorityRefresh authorities, CertificateAuthorityService authority, ServerCertificateStore serverCertificate,
    TrustPublisher trust, CertificateOptions options, TimeProvider time, ILogger<AuthorityWatch> logger) : BackgroundService
{
    private AuthoritySet? _told;

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _told = authority.Authorities;
        return new BackgroundLoop("reading the certificate authorities", options.AuthorityInterval, time, logger).RunAsync(LookAsync, stoppingToken);
    }

    // What is known goes on when it fails; the next look may succeed.
    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using (context.ConfigureAwait(false))
            await authorities.RefreshAsync(context, cancellationToken).ConfigureAwait(false);
        // Whoever issues something may have noticed before.
        var now = authority.Authorities;
        if (now == _told)
            return;
        await serverCertificate.RenewIfDueAsync(cancellationToken).ConfigureAwait(false);
        await trust.TellAllAsync(cancellationToken).ConfigureAwait(false);
        await trust.DrainRetiredAsync(cancellationToken).ConfigureAwait(false);
        _told = now;
    }
}
