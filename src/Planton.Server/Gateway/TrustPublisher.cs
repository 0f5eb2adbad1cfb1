using Planton.Server.CertificateAuthority;
using Planton.Tunnel.Gateway;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Gateway;

/// <summary>Tells connected runners which authorities to trust, to renew when theirs is not the newest, and to go when it is retired.</summary>
internal sealed partial class TrustPublisher(
    TunnelRegistry registry, TunnelAdmissions admissions, CertificateAuthorityService authority, CertificateOptions options, ILogger<TrustPublisher> logger)
{
    private const int AtOnce = 32;

    public Task TellAllAsync(CancellationToken cancellationToken) => Parallel.ForEachAsync(
        registry.All, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
        async (tunnel, token) => await TellIfNewsAsync(tunnel, token).ConfigureAwait(false));

    /// <summary>
    /// Ends the tunnels whose certificate comes from a retired authority, each when what runs on it has ended or the drain limit is
    /// over. The runner dials anew at once: with a newer certificate it loses nothing, without one it is not let in.
    /// </summary>
    public async Task DrainRetiredAsync(CancellationToken cancellationToken)
    {
        admissions.Revoked();
        var trusted = authority.Authorities.All.Select(one => one.Id).ToHashSet(StringComparer.Ordinal);
        var doomed = registry.All.Where(tunnel => admissions.AuthorityOf(tunnel) is { } id && !trusted.Contains(id)).ToList();
        foreach (var tunnel in doomed)
            LogRetired(tunnel.Id, tunnel.Identity);
        await Task.WhenAll(doomed.Select(tunnel => tunnel.DrainAsync(TimeSpan.Zero, cancellationToken))).ConfigureAwait(false);
    }

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

    [LoggerMessage(Level = LogLevel.Information, Message = "Tunnel {TunnelId} of {Identity} is drained: the authority of its certificate is retired")]
    private partial void LogRetired(string tunnelId, Tunnel.Identity.RunnerIdentity identity);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tunnel {TunnelId} of {Identity}: the runner did not take the new authorities; it is told again when it connects")]
    private partial void LogNotTaken(string tunnelId, Tunnel.Identity.RunnerIdentity identity);
}
