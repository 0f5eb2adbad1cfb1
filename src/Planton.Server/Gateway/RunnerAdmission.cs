using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Planton.Server.Storage;
using Planton.Tunnel.Gateway;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Gateway;

/// <summary>Admits the runners that are registered, with the credentials that were issued to them and not revoked.</summary>
internal sealed class RunnerAdmission(
    IDbContextFactory<ControlPlaneContext> contexts, PresenceRecorder presence, GatewayMetrics metrics) : ITunnelAdmission
{
    public async ValueTask<LinkRefusal?> AdmitAsync(TunnelCandidate candidate, CancellationToken cancellationToken)
    {
        var refusal = await RefusalAsync(candidate, cancellationToken).ConfigureAwait(false);
        if (refusal is not null)
            metrics.TunnelRefused(refusal.Code);
        return refusal;
    }

    public ValueTask OnReadyAsync(GatewayTunnel tunnel, CancellationToken cancellationToken)
    {
        metrics.TunnelOpened();
        presence.Connected(tunnel);
        return ValueTask.CompletedTask;
    }

    public ValueTask OnClosedAsync(GatewayTunnel tunnel, CancellationToken cancellationToken)
    {
        metrics.TunnelClosed();
        presence.Disconnected(tunnel);
        return ValueTask.CompletedTask;
    }

    private async Task<LinkRefusal?> RefusalAsync(TunnelCandidate candidate, CancellationToken cancellationToken)
    {
        // The very certificate that was issued, not just any of that runner: its hash is looked up.
        var fingerprint = candidate.Certificate.GetCertHashString(HashAlgorithmName.SHA256);
        var identity = candidate.Identity;
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using (context.ConfigureAwait(false))
        {
            var found = await context.Runners.AsNoTracking()
                .Where(runner => runner.Id == identity.RunnerId)
                .Select(runner => new
                {
                    runner.OrganizationId,
                    Credential = context.RunnerCredentials
                        .Where(credential => credential.RunnerId == runner.Id && credential.CertificateSha256 == fingerprint)
                        .Select(credential => new { credential.Id, credential.RevokedAt })
                        .FirstOrDefault(),
                })
                .FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
            if (found is null)
                return new LinkRefusal(RefusalCode.Unknown, "this runner is not registered, or was deleted; register it and generate new credentials");
            if (found.OrganizationId != identity.OrganizationId)
                return new LinkRefusal(RefusalCode.Unknown, "this runner is not registered in the organization that its certificate names; generate new credentials");
            if (found.Credential is null)
                return new LinkRefusal(RefusalCode.Unknown, "these credentials are not registered; generate new ones");
            return found.Credential.RevokedAt is { } at
                ? new LinkRefusal(RefusalCode.Revoked, $"these credentials were revoked at {at.UtcDateTime:u}; generate new ones")
                : null;
        }
    }
}
