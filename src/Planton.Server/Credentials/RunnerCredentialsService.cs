using Microsoft.EntityFrameworkCore;
using Planton.Api.Runners;
using Planton.Server.ApiKeys;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.CertificateAuthority;
using Planton.Server.Errors;
using Planton.Server.Hosting;
using Planton.Server.Organizations;
using Planton.Server.Runners;
using Planton.Server.Storage;

namespace Planton.Server.Credentials;

/// <summary>
/// Makes runner credentials. The private key and the API key are made here, are in the answer, and are nowhere else: what is
/// stored tells which they were, and cannot make them again.
/// </summary>
internal sealed class RunnerCredentialsService(
    IDbContextFactory<ControlPlaneContext> contexts,
    RunnerGate gate,
    RunnerService runners,
    RunnerServiceAccounts accounts,
    CertificateAuthorityService authority,
    PublicEndpoints endpoints,
    IAuditLog audit,
    TimeProvider time)
{
    public async Task<Result<GenerateCredentialsResponse>> GenerateAsync(
        OperationContext operation, string? organization, string name, CancellationToken cancellationToken)
    {
        var faults = new FieldFaults();
        faults.NeedSlug("name", name);
        if (faults.ToError() is { } invalid)
            return invalid;
        var entered = await gate.EnterAsync(
            operation, organization, Permission.GenerateRunnerCredentials, Permission.ManagePlatformRunner, AuditAction.GenerateCredentials, name,
            cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;

        // Everything in one transaction: no credentials without their record, no runner without its credentials.
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var transaction = await context.Database.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = transaction.ConfigureAwait(false);
        if (!await OrganizationQueries.StillExistsAsync(context, entered.Value.OrganizationId, cancellationToken).ConfigureAwait(false))
            return OrganizationErrors.NotFound(organization, operation.Caller);
        var runner = await RunnerQueries.FindAsync(context, entered.Value, name, cancellationToken).ConfigureAwait(false);
        var registered = runner is null;
        runner ??= runners.Add(context, operation, entered.Value, name);
        accounts.Ensure(context, runner);
        var credentials = Issue(context, operation, entered.Value, runner);
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return new GenerateCredentialsResponse(registered, credentials);
    }

    private RunnerCredentials Issue(ControlPlaneContext context, OperationContext operation, RunnerScope scope, RunnerEntity runner)
    {
        var now = time.GetStorableNow();
        var id = ControlPlaneContext.NewId();
        var key = ApiKeyText.Generate();
        var certificate = authority.IssueRunnerCertificate(RunnerIdentity.SpiffeId(authority.TrustDomain, runner.OrganizationId, runner.Id));
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
            CertificateSerial = certificate.Serial,
            CertificateSha256 = certificate.Sha256,
            ApiKeyId = key.Id,
            CreatedByKind = operation.Caller.Kind,
            CreatedById = operation.Caller.Id,
            CreatedAt = now,
            ExpiresAt = certificate.NotAfter,
        });
        audit.Append(context, operation.Allowed(
            AuditAction.GenerateCredentials, scope.Resource(runner.Name), scope.OrganizationId,
            $"credential {id}, certificate {certificate.Serial}, API key {key.Id} ({key.Fingerprint})"));
        return Document(id, scope, runner, now, key, certificate);
    }

    private RunnerCredentials Document(
        string id, RunnerScope scope, RunnerEntity runner, DateTimeOffset issuedAt, IssuedApiKey key, IssuedCertificate certificate) => new()
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
                PrivateKey = certificate.PrivateKeyPem,
            },
            ApiKey = key.Text,
        };
}
