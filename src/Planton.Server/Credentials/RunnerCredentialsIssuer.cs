using Planton.Api.Runners;
using Planton.Server.ApiKeys;
using Planton.Server.Authorization;
using Planton.Server.CertificateAuthority;
using Planton.Server.Hosting;
using Planton.Server.Runners;
using Planton.Server.Storage;

namespace Planton.Server.Credentials;

/// <summary>
/// Makes runner credentials. The private key and the API key are made here, are in the answer, and are nowhere else: what is
/// stored tells which they were, and cannot make them again.
/// </summary>
internal sealed class RunnerCredentialsIssuer(
    RunnerServiceAccounts accounts, CertificateAuthorityService authority, AuthorityRefresh authorities, CertificateOptions options,
    PublicEndpoints endpoints, TimeProvider time)
{
    /// <summary>Adds what is stored of them to <paramref name="context"/>, whose transaction the caller holds and records.</summary>
    /// <param name="context">Inside the transaction.</param>
    /// <param name="caller">Who asks for them.</param>
    /// <param name="scope">Where the runner is.</param>
    /// <param name="runner">Whose they are.</param>
    /// <param name="lifetime">How long each of their certificates lives; null: as long as the server says.</param>
    /// <param name="cancellationToken">Cancelled with the request.</param>
    public async Task<IssuedCredentials> IssueAsync(
        ControlPlaneContext context, CallerIdentity caller, RunnerScope scope, RunnerEntity runner, TimeSpan? lifetime, CancellationToken cancellationToken)
    {
        await authorities.RefreshAsync(context, cancellationToken).ConfigureAwait(false);
        accounts.Ensure(context, runner);
        var now = time.GetStorableNow();
        var id = ControlPlaneContext.NewId();
        var key = ApiKeyText.Generate();
        var certificate = authority.IssueRunnerCertificate(
            RunnerIdentity.SpiffeId(authority.TrustDomain, runner.OrganizationId, runner.Id), lifetime ?? options.RunnerLifetime ?? options.Lifetime);
        context.ApiKeys.Add(new ApiKeyEntity
        {
            Id = key.Id,
            ServiceAccountId = runner.ServiceAccountId,
            CredentialId = id,
            SecretHash = key.SecretHash,
            Fingerprint = key.Fingerprint,
            CreatedAt = now,
        });
        context.RunnerCredentials.Add(new RunnerCredentialEntity
        {
            Id = id,
            RunnerId = runner.Id,
            ApiKeyId = key.Id,
            CreatedByKind = caller.Kind,
            CreatedById = caller.Id,
            CreatedAt = now,
            ExpiresAt = certificate.NotAfter,
            LifetimeSeconds = lifetime is { } life ? (long)life.TotalSeconds : null,
        });
        context.RunnerCertificates.Add(new RunnerCertificateEntity
        {
            Id = ControlPlaneContext.NewId(),
            CredentialId = id,
            AuthorityId = certificate.AuthorityId,
            Serial = certificate.Serial,
            Sha256 = certificate.Sha256,
            KeySha256 = certificate.KeySha256,
            Renewed = false,
            CreatedAt = now,
            ExpiresAt = certificate.NotAfter,
        });
        return new IssuedCredentials(
            Document(id, scope, runner, now, certificate),
            certificate.PrivateKey,
            key.Whole,
            $"credential {id}, certificate {certificate.Serial}, API key {key.Id} ({key.Fingerprint})");
    }

    private RunnerCredentials Document(
        string id, RunnerScope scope, RunnerEntity runner, DateTimeOffset issuedAt, IssuedCertificate certificate) => new()
        {
            Metadata = new RunnerCredentialsMetadata
            {
                Id = id,
                Organization = scope.OrganizationName,
                Runner = runner.Name,
                RunnerId = runner.Id,
                IssuedAt = issuedAt,
                ExpiresAt = certificate.NotAfter,
            },
            ControlPlane = new ControlPlaneEndpoint { Endpoint = endpoints.Url, CaCertificates = endpoints.UrlCaCertificates },
            Tunnel = new TunnelCredentials
            {
                Endpoint = endpoints.Tunnel,
                CaCertificates = authority.TrustBundlePem,
                Certificate = certificate.CertificatePem,
                PrivateKey = IssuedCredentials.PrivateKeyMark,
            },
            ApiKey = IssuedCredentials.ApiKeyMark,
        };
}
