using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.CertificateAuthority;
using Planton.Server.Gateway;
using Planton.Server.Runners;
using Planton.Server.Storage;
using Planton.Tunnel.Gateway;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Credentials;

/// <summary>
/// Gives runners their next certificate. Who asks is told by the certificate that their tunnel was opened with, and by nothing
/// else; the new one belongs to the same credential, and ends with it.
/// </summary>
internal sealed class RunnerCertificateRenewal(
    IDbContextFactory<ControlPlaneContext> contexts,
    CertificateAuthorityService authority,
    AuthorityRefresh authorities,
    RenewalLimiter limiter,
    IAuditLog audit,
    CertificateOptions options,
    TimeProvider time)
{
    public async Task<CertificateRenewal> RenewAsync(GatewayTunnel tunnel, ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        var excess = limiter.TakeExcess(tunnel.Identity.RunnerId);
        if (excess > 1)
            return TooOften();
        var transaction = await contexts.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var context = transaction.Context;
        var runner = await context.Runners
            .SingleOrDefaultAsync(stored => stored.Id == tunnel.Identity.RunnerId && stored.OrganizationId == tunnel.Identity.OrganizationId, cancellationToken)
            .ConfigureAwait(false);
        var answer = excess > 0 ? TooOften() : await DecideAsync(context, tunnel, runner, request, cancellationToken).ConfigureAwait(false);
        // A flood is recorded once, at its beginning.
        if (answer.Certificate is null)
            audit.Append(context, Entry(tunnel, runner, answer.Detail) with { Outcome = AuditOutcome.Denied, Code = answer.Code });
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        return answer;
    }

    private async Task<CertificateRenewal> DecideAsync(
        ControlPlaneContext context, GatewayTunnel tunnel, RunnerEntity? runner, ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        var now = time.GetStorableNow();
        if (runner is null)
            return CertificateRenewal.Refused(RenewalCode.Unknown, RunnerRefusals.NotRegistered.Detail);
        var fingerprint = tunnel.Certificate.GetCertHashString(HashAlgorithmName.SHA256);
        var credential = await context.RunnerCertificates.Where(certificate => certificate.Sha256 == fingerprint)
            .Join(
                context.RunnerCredentials.Where(credential => credential.RunnerId == runner.Id),
                certificate => certificate.CredentialId, credential => credential.Id, (_, credential) => credential)
            .SingleOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (credential is null)
            return CertificateRenewal.Refused(RenewalCode.Unknown, RunnerRefusals.UnknownCredential.Detail);
        if (credential.RevokedAt is { } revoked)
            return CertificateRenewal.Refused(RenewalCode.Revoked, RunnerRefusals.Revoked(revoked).Detail);
        // A tunnel may outlive the certificate that opened it.
        if (tunnel.Certificate.NotAfter.ToUniversalTime() <= now.UtcDateTime)
            return CertificateRenewal.Refused(
                RenewalCode.Expired, $"the certificate ended at {tunnel.Certificate.NotAfter.ToUniversalTime():u}; generate new credentials");
        var (key, fault) = RunnerSigningRequest.Read(request.Span);
        if (key is null)
            return CertificateRenewal.Refused(RenewalCode.Invalid, fault!);
        var keyHash = CertificateAuthorityService.KeyHash(key);
        if (keyHash == CertificateAuthorityService.KeyHash(tunnel.Certificate.PublicKey)
            || await context.RunnerCertificates.AnyAsync(certificate => certificate.KeySha256 == keyHash, cancellationToken).ConfigureAwait(false))
            return CertificateRenewal.Refused(RenewalCode.Replayed, "a certificate for this key was issued before; make a new key");
        if (await context.RunnerCertificates.CountAsync(
            certificate => certificate.CredentialId == credential.Id && certificate.ExpiresAt > now, cancellationToken).ConfigureAwait(false) >= options.MaxLiveCertificates)
            return TooOften();
        return await SignAsync(context, tunnel, runner, credential, key, cancellationToken).ConfigureAwait(false);
    }

    private async Task<CertificateRenewal> SignAsync(
        ControlPlaneContext context, GatewayTunnel tunnel, RunnerEntity runner, RunnerCredentialEntity credential, PublicKey key, CancellationToken cancellationToken)
    {
        await authorities.RefreshAsync(context, cancellationToken).ConfigureAwait(false);
        var now = time.GetStorableNow();
        var lifetime = credential.LifetimeSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : options.RunnerLifetime ?? options.Lifetime;
        // The database says who it is, in the words of the certificate that was shown.
        var signed = authority.SignRunnerCertificate(
            key, RunnerIdentity.SpiffeId(authority.TrustDomain, runner.OrganizationId, runner.Id), lifetime);
        var serial = signed.Certificate.SerialNumber;
        audit.Append(context, Entry(
            tunnel, runner, $"credential {credential.Id}, certificate {serial} in place of {tunnel.Certificate.SerialNumber}, until {signed.ExpiresAt.UtcDateTime:u}"));
        context.RunnerCertificates.Add(new RunnerCertificateEntity
        {
            Id = ControlPlaneContext.NewId(),
            CredentialId = credential.Id,
            AuthorityId = signed.AuthorityId,
            Serial = serial,
            Sha256 = signed.Certificate.GetCertHashString(HashAlgorithmName.SHA256),
            KeySha256 = signed.KeySha256,
            Renewed = true,
            CreatedAt = now,
            ExpiresAt = signed.ExpiresAt,
        });
        if (signed.ExpiresAt > credential.ExpiresAt)
            credential.ExpiresAt = signed.ExpiresAt;
        // What has ended opens nothing any more: the rows do not grow with the age of a credential.
        await context.RunnerCertificates
            .Where(certificate => certificate.CredentialId == credential.Id && certificate.Renewed && certificate.ExpiresAt < now)
            .ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        return CertificateRenewal.Issued(signed.Certificate);
    }

    private static CertificateRenewal TooOften() =>
        CertificateRenewal.Refused(RenewalCode.Busy, "this runner asks for certificates too often");

    private static AuditEntry Entry(GatewayTunnel tunnel, RunnerEntity? runner, string detail) => new()
    {
        OperationId = Guid.CreateVersion7().ToString(),
        OrganizationId = tunnel.Identity.OrganizationId,
        Actor = runner is { ServiceAccountId: { } account }
            ? new AuditActor(CallerKind.ServiceAccount, account, $"runner-{runner.Name}")
            : AuditActor.Anonymous,
        Action = AuditAction.RenewCertificate,
        Resource = runner is null ? $"runner/{tunnel.Identity.RunnerId}"
            : runner.OrganizationId is null ? $"platform/runner/{runner.Name}" : $"runner/{runner.Name}",
        Outcome = AuditOutcome.Allowed,
        Detail = detail,
        SourceAddress = (tunnel.RemoteEndPoint as System.Net.IPEndPoint)?.Address.ToString(),
    };
}
