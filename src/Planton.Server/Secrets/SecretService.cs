using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Api.Secrets;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Environments;
using Planton.Server.Errors;
using Planton.Server.Organizations;
using Planton.Server.Quotas;
using Planton.Server.Storage;

namespace Planton.Server.Secrets;

/// <summary>Secrets without their values: writing, listing, deleting.</summary>
internal sealed class SecretService(
    IDbContextFactory<ControlPlaneContext> contexts, Gatekeeper gatekeeper, IAuditLog audit, SecretCipher cipher, StoredBytes stored, TimeProvider time)
{
    /// <summary>The most secrets of one organization: lists have no pages.</summary>
    public const int MaxSecrets = 10_000;

    /// <summary>Those of one environment, or all.</summary>
    public async Task<Result<IReadOnlyList<Secret>>> ListAsync(
        OperationContext operation, string organization, string? environment, CancellationToken cancellationToken)
    {
        var entered = await gatekeeper.EnterAsync(
            operation, organization, Permission.ReadSecret, "secret.list", OrganizationScope.Resource(environment, "secrets"), cancellationToken)
            .ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var scope = await EnvironmentQueries.ScopeAsync(context, entered.Value, environment, cancellationToken).ConfigureAwait(false);
        if (!scope.Succeeded)
            return scope.Error;
        var (organizationId, environmentId) = (scope.Value.OrganizationId, scope.Value.Environment?.Id);
        var rows = await (
            from secret in context.Secrets.AsNoTracking()
            where secret.OrganizationId == organizationId && (environmentId == null || secret.EnvironmentId == environmentId)
            join version in context.SecretVersions on new { SecretId = secret.Id, secret.Version } equals new { version.SecretId, version.Version }
            join place in context.Environments on secret.EnvironmentId equals place.Id into places
            from place in places.DefaultIfEmpty()
            select new { Secret = secret, version.Keys, Environment = place == null ? null : place.Name })
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return rows.OrderBy(row => row.Secret.Name, StringComparer.Ordinal).ThenBy(row => row.Environment, StringComparer.Ordinal)
            .Select(row => SecretView.Of(row.Secret, organization, row.Environment, row.Keys.Split('\n'))).ToList();
    }

    public async Task<Result<Secret>> GetAsync(
        OperationContext operation, string organization, string? environment, string name, CancellationToken cancellationToken)
    {
        var entered = await gatekeeper.EnterAsync(
            operation, organization, Permission.ReadSecret, "secret.get", Resource(environment, name), cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var scope = await EnvironmentQueries.ScopeAsync(context, entered.Value, environment, cancellationToken).ConfigureAwait(false);
        if (!scope.Succeeded)
            return scope.Error;
        var secret = await SecretQueries.FindAsync(context, scope.Value, name, cancellationToken).ConfigureAwait(false);
        if (secret is null)
            return await SecretQueries.NotFoundAsync(context, scope.Value, name, cancellationToken).ConfigureAwait(false);
        var versions = await context.SecretVersions.AsNoTracking().Where(version => version.SecretId == secret.Id)
            .OrderByDescending(version => version.Version)
            .Select(version => new { version.Version, version.Keys, version.CreatedAt, version.CreatedBy })
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        var shown = versions.ConvertAll(version => new SecretVersion(version.Version, version.Keys.Split('\n'), version.CreatedAt, version.CreatedBy));
        return SecretView.Of(secret, scope.Value, shown[0].Keys, shown);
    }

    /// <summary>Writes a new version; makes the secret if there is none.</summary>
    public async Task<Result<Secret>> PutAsync(
        OperationContext operation, string organization, string? environment, string name, PutSecretRequest request, CancellationToken cancellationToken)
    {
        var values = SecretRequestValidator.Validate(name, request);
        if (!values.Succeeded)
            return values.Error;
        var resource = Resource(environment, name);
        var entered = await gatekeeper.EnterAsync(
            operation, organization, Permission.WriteSecret, AuditAction.PutSecret, resource, cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var transaction = await contexts.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var context = transaction.Context;
        if (!await OrganizationQueries.StillExistsAsync(context, entered.Value.OrganizationId, cancellationToken).ConfigureAwait(false))
            return OrganizationErrors.NotFound(organization, operation.Caller);
        var scope = await EnvironmentQueries.ScopeAsync(context, entered.Value, environment, cancellationToken).ConfigureAwait(false);
        if (!scope.Succeeded)
            return scope.Error;
        var secret = await SecretQueries.FindAsync(context, scope.Value, name, cancellationToken).ConfigureAwait(false);
        if (secret is null && await IsFullAsync(context, scope.Value.OrganizationId, cancellationToken).ConfigureAwait(false))
            return new Error(ErrorCode.Conflict, $"organization \"{organization}\" has {MaxSecrets} secrets, which is the most", "Delete those that are not used.");
        secret ??= Make(context, scope.Value, name);
        (secret.Version, secret.UpdatedAt) = (secret.Version + 1, time.GetStorableNow());
        var keys = values.Value.Keys.Order(StringComparer.Ordinal).ToList();
        var sealedValues = await cipher.SealAsync(context, secret, values.Value, cancellationToken).ConfigureAwait(false);
        if (await stored.TakeAsync(context, scope.Value.OrganizationId, organization, sealedValues.Length, cancellationToken).ConfigureAwait(false) is { } full)
            return full;
        context.SecretVersions.Add(new SecretVersionEntity
        {
            Id = ControlPlaneContext.NewId(),
            SecretId = secret.Id,
            Version = secret.Version,
            SealedValues = sealedValues,
            Keys = string.Join('\n', keys),
            CreatedAt = secret.UpdatedAt,
            CreatedBy = operation.Caller.Name,
        });
        audit.Append(context, operation.Allowed(
            AuditAction.PutSecret, resource, scope.Value.OrganizationId, FormattableString.Invariant($"version {secret.Version}")));
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        var oldest = secret.Version - PutSecretRequest.MaxVersions;
        await context.SecretVersions.Where(version => version.SecretId == secret.Id && version.Version <= oldest)
            .ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return SecretView.Of(secret, scope.Value, keys);
    }

    public async Task<Error?> DeleteAsync(
        OperationContext operation, string organization, string? environment, string name, CancellationToken cancellationToken)
    {
        var resource = Resource(environment, name);
        var entered = await gatekeeper.EnterAsync(
            operation, organization, Permission.WriteSecret, AuditAction.DeleteSecret, resource, cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var transaction = await contexts.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var context = transaction.Context;
        var scope = await EnvironmentQueries.ScopeAsync(context, entered.Value, environment, cancellationToken).ConfigureAwait(false);
        if (!scope.Succeeded)
            return scope.Error;
        var secret = await SecretQueries.FindAsync(context, scope.Value, name, cancellationToken).ConfigureAwait(false);
        if (secret is null)
            return await SecretQueries.NotFoundAsync(context, scope.Value, name, cancellationToken).ConfigureAwait(false);
        audit.Append(context, operation.Allowed(AuditAction.DeleteSecret, resource, scope.Value.OrganizationId));
        context.Secrets.Remove(secret);
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return null;
    }

    private static async Task<bool> IsFullAsync(ControlPlaneContext context, string organizationId, CancellationToken cancellationToken) =>
        await context.Secrets.CountAsync(secret => secret.OrganizationId == organizationId, cancellationToken).ConfigureAwait(false) >= MaxSecrets;

    private SecretEntity Make(ControlPlaneContext context, OrganizationScope scope, string name)
    {
        var now = time.GetStorableNow();
        var made = new SecretEntity
        {
            Id = ControlPlaneContext.NewId(),
            OrganizationId = scope.OrganizationId,
            EnvironmentId = scope.Environment?.Id,
            ScopeId = scope.Id,
            Name = name,
            Version = 0,
            CreatedAt = now,
            UpdatedAt = now,
        };
        context.Secrets.Add(made);
        return made;
    }

    private static string Resource(string? environment, string name) => OrganizationScope.Resource(environment, $"secret/{name}");
}
