using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Planton.Server.Storage;
using Planton.Tunnel.Gateway;
using Planton.Tunnel.Identity;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Gateway;

/// <summary>Admits the runners that are registered, with the credentials that were issued to them and not revoked.</summary>
internal sealed class RunnerAdmission(
    IDbContextFactory<ControlPlaneContext> contexts, TunnelAdmissions admissions, PresenceRecorder presence, GatewayMetrics metrics)
    : ITunnelAdmission
{
    public async ValueTask<LinkRefusal?> AdmitAsync(TunnelCandidate candidate, CancellationToken cancellationToken)
    {
        var generation = admissions.Generation;
        var fingerprint = candidate.Certificate.GetCertHashString(HashAlgorithmName.SHA256);
        var (refusal, credential) = await LookUpAsync(candidate.Identity, fingerprint, cancellationToken).ConfigureAwait(false);
        if (refusal is not null)
            metrics.TunnelRefused(refusal.Code);
        else
            admissions.Note(candidate, credential!, generation);
        return refusal;
    }

    public async ValueTask OnReadyAsync(GatewayTunnel tunnel, CancellationToken cancellationToken)
    {
        LinkRefusal? refusal = null;
        if (admissions.IsOutdated(tunnel))
        {
            var fingerprint = tunnel.Certificate.GetCertHashString(HashAlgorithmName.SHA256);
            (refusal, _) = await LookUpAsync(tunnel.Identity, fingerprint, cancellationToken).ConfigureAwait(false);
        }

        metrics.TunnelOpened();
        presence.Connected(tunnel, admissions.CredentialOf(tunnel));
        if (refusal is null)
            return;
        metrics.TunnelRefused(refusal.Code);
        await tunnel.RefuseAsync(refusal, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask OnClosedAsync(GatewayTunnel tunnel, CancellationToken cancellationToken)
    {
        metrics.TunnelClosed();
        presence.Disconnected(tunnel);
        return ValueTask.CompletedTask;
    }

    // The very certificate that was issued, not just any of that runner: its hash is looked up.
    private async Task<(LinkRefusal? Refusal, string? CredentialId)> LookUpAsync(
        RunnerIdentity identity, string fingerprint, CancellationToken cancellationToken)
    {
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
                return (RunnerRefusals.NotRegistered, null);
            if (found.OrganizationId != identity.OrganizationId)
                return (RunnerRefusals.OtherOrganization, null);
            if (found.Credential is null)
                return (RunnerRefusals.UnknownCredential, null);
            return found.Credential.RevokedAt is { } at ? (RunnerRefusals.Revoked(at), null) : (null, found.Credential.Id);
        }
    }
}
