using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Planton.Server.Credentials;
using Planton.Server.Storage;
using Planton.Tunnel.Gateway;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Gateway;

/// <summary>Admits the runners that are registered, with the credentials that were issued to them and not revoked.</summary>
internal sealed class RunnerAdmission(
    IDbContextFactory<ControlPlaneContext> contexts, TunnelAdmissions admissions, PresenceRecorder presence, GatewayMetrics metrics,
    TrustPublisher trust, RunnerCertificateRenewal renewal) : ITunnelAdmission
{
    public async ValueTask<LinkRefusal?> AdmitAsync(TunnelCandidate candidate, CancellationToken cancellationToken)
    {
        var generation = admissions.Generation;
        var fingerprint = candidate.Certificate.GetCertHashString(HashAlgorithmName.SHA256);
        var (refusal, found) = await LookUpAsync(candidate.Identity, fingerprint, cancellationToken).ConfigureAwait(false);
        if (refusal is not null)
            metrics.TunnelRefused(refusal.Code);
        else
            admissions.Note(candidate, found!.CredentialId, found.AuthorityId, generation);
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
        {
            await trust.TellIfNewsAsync(tunnel, cancellationToken).ConfigureAwait(false);
            return;
        }

        metrics.TunnelRefused(refusal.Code);
        await tunnel.RefuseAsync(refusal, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<CertificateRenewal> RenewAsync(GatewayTunnel tunnel, ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        var answer = await TryRenewAsync(tunnel, request, cancellationToken).ConfigureAwait(false);
        metrics.CertificateRenewed(answer.Code ?? "ok");
        return answer;
    }

    public ValueTask OnClosedAsync(GatewayTunnel tunnel, CancellationToken cancellationToken)
    {
        metrics.TunnelClosed();
        presence.Disconnected(tunnel);
        return ValueTask.CompletedTask;
    }

    // Without its database the control plane turns nobody away for good: the runner tries again.
    private async Task<CertificateRenewal> TryRenewAsync(GatewayTunnel tunnel, ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        try
        {
            return await renewal.RenewAsync(tunnel, request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (DatabaseFaults.Of(exception) is { } fault)
        {
            return CertificateRenewal.Refused(RenewalCode.Unavailable, $"the control plane cannot renew this certificate now: {fault.Describe()}");
        }
    }

    private async Task<(LinkRefusal? Refusal, AdmittedCertificate? Certificate)> LookUpAsync(
        Tunnel.Identity.RunnerIdentity identity, string fingerprint, CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(identity, fingerprint, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (DatabaseFaults.Of(exception) is { } fault)
        {
            return (RunnerRefusals.NotLookedUp(fault), null);
        }
    }

    // The very certificate that was issued, not just any of that runner: its hash is looked up.
    private async Task<(LinkRefusal? Refusal, AdmittedCertificate? Certificate)> FindAsync(
        Tunnel.Identity.RunnerIdentity identity, string fingerprint, CancellationToken cancellationToken)
    {
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using (context.ConfigureAwait(false))
        {
            var found = await context.RunnerCertificates.AsNoTracking()
                .Where(certificate => certificate.Sha256 == fingerprint)
                .Join(
                    context.RunnerCredentials, certificate => certificate.CredentialId, credential => credential.Id,
                    (certificate, credential) => new { certificate.AuthorityId, credential.Id, credential.RunnerId, credential.RevokedAt })
                .Join(
                    context.Runners.Where(runner => runner.Id == identity.RunnerId), certificate => certificate.RunnerId, runner => runner.Id,
                    (certificate, runner) => new
                    {
                        certificate.AuthorityId, certificate.Id, certificate.RevokedAt, runner.OrganizationId,
                        Retired = context.CertificateAuthorities.Any(authority => authority.Id == certificate.AuthorityId && authority.RetiredAt != null),
                    })
                .FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
            if (found is null)
                return (await WhyUnknownAsync(context, identity, cancellationToken).ConfigureAwait(false), null);
            if (found.OrganizationId != identity.OrganizationId)
                return (RunnerRefusals.OtherOrganization, null);
            if (found.Retired)
                return (RunnerRefusals.AuthorityRetired, null);
            return found.RevokedAt is { } at ? (RunnerRefusals.Revoked(at), null) : (null, new AdmittedCertificate(found.Id, found.AuthorityId));
        }
    }

    private static async Task<LinkRefusal> WhyUnknownAsync(
        ControlPlaneContext context, Tunnel.Identity.RunnerIdentity identity, CancellationToken cancellationToken)
    {
        var runner = await context.Runners.AsNoTracking().SingleOrDefaultAsync(stored => stored.Id == identity.RunnerId, cancellationToken).ConfigureAwait(false);
        return runner is null ? RunnerRefusals.NotRegistered
            : runner.OrganizationId != identity.OrganizationId ? RunnerRefusals.OtherOrganization
            : RunnerRefusals.UnknownCredential;
    }

    private sealed record AdmittedCertificate(string CredentialId, string AuthorityId);
}
