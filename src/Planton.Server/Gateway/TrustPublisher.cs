using Planton.Server.CertificateAuthority;
using Planton.Tunnel.Gateway;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Gateway;

/// <summary>Tells connected runners which authorities to trust, and to renew when theirs is not the newest.</summary>
internal sealed partial class TrustPublisher(
    TunnelRegistry registry, TunnelAdmissions admissions, CertificateAuthorityService authority, CertificateOptions options, ILogger<TrustPublisher> logger)
{
    private const int AtOnce = 32;

    public Task TellAllAsync(CancellationToken cancellationToken) => Parallel.ForEachAsync(
        registry.All, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
        async (tunnel, token) => await TellIfNewsAsync(tunnel, token).ConfigureAwait(false));

    /// <summary>Does nothing where the runner's greeting shows that it knows already, or that it cannot be told.</summary>
    public async Task TellIfNewsAsync(GatewayTunnel tunnel, CancellationToken cancellationToken)
    {
        if (tunnel.Greeting?.Trust is not { } known)
            return;
        var authorities = authority.Authorities;
        var outdated = admissions.AuthorityOf(tunnel) is { } id && id != authorities.OfRunners.Id;
        if (!outdated && known == TrustBundle.Hash(authorities.TrustBundle))
            return;
        TimeSpan? renewAfter = outdated ? options.RotationSpread * Random.Shared.NextDouble() : null;
        if (!await tunnel.TellTrustAsync(authorities.TrustBundle, renewAfter, cancellationToken).ConfigureAwait(false))
            LogNotTaken(tunnel.Id, tunnel.Identity);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tunnel {TunnelId} of {Identity}: the runner did not take the new authorities; it is told again when it connects")]
    private partial void LogNotTaken(string tunnelId, Tunnel.Identity.RunnerIdentity identity);
}
