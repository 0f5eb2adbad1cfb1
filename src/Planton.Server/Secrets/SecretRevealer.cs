using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Api.Secrets;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Environments;
using Planton.Server.Errors;
using Planton.Server.Storage;

namespace Planton.Server.Secrets;

/// <summary>Reads the values of one secret. Written down before they are given out.</summary>
internal sealed class SecretRevealer(
    IDbContextFactory<ControlPlaneContext> contexts, Gatekeeper gatekeeper, IAuditLog audit, SecretCipher cipher, SecretReadLimiter limiter)
{
    /// <summary>The newest version when <paramref name="number"/> is null.</summary>
    public async Task<Result<SecretValues>> RevealAsync(
        OperationContext operation, string organization, string? environment, string name, int? number, CancellationToken cancellationToken)
    {
        var resource = OrganizationScope.Resource(environment, $"secret/{name}");
        var entered = await gatekeeper.EnterAsync(
            operation, organization, Permission.RevealSecret, AuditAction.RevealSecret, resource, cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        if (limiter.Take(operation.Caller, 1) is { } limited)
            return limited;
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var scope = await EnvironmentQueries.ScopeAsync(context, entered.Value, environment, cancellationToken).ConfigureAwait(false);
        if (!scope.Succeeded)
            return scope.Error;
        var secret = await SecretQueries.FindAsync(context, scope.Value, name, cancellationToken).ConfigureAwait(false);
        if (secret is null)
            return await SecretQueries.NotFoundAsync(context, scope.Value, name, cancellationToken).ConfigureAwait(false);
        var wanted = number ?? secret.Version;
        var version = await context.SecretVersions.AsNoTracking()
            .SingleOrDefaultAsync(version => version.SecretId == secret.Id && version.Version == wanted, cancellationToken).ConfigureAwait(false);
        if (version is null)
            return new Error(
                ErrorCode.NotFound,
                FormattableString.Invariant($"secret \"{name}\" has no version {wanted}: the newest is {secret.Version}, and the last {PutSecretRequest.MaxVersions} are kept"),
                $"See them with: planton secret get {name} --org {organization}");
        await audit.RecordAsync(
            operation.Allowed(AuditAction.RevealSecret, resource, scope.Value.OrganizationId, FormattableString.Invariant($"version {wanted}")),
            cancellationToken).ConfigureAwait(false);
        var values = await cipher.OpenAsync(context, secret, version, cancellationToken).ConfigureAwait(false);
        return new SecretValues(name, environment, wanted, values);
    }
}
