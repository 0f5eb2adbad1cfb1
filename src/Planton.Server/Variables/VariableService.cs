using System.Text;
using Microsoft.EntityFrameworkCore;
using Planton.Api.Errors;
using Planton.Api.Variables;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Environments;
using Planton.Server.Errors;
using Planton.Server.Organizations;
using Planton.Server.Quotas;
using Planton.Server.Storage;

namespace Planton.Server.Variables;

/// <summary>Values that are no secrets: whoever may see the organization may see them.</summary>
internal sealed class VariableService(
    IDbContextFactory<ControlPlaneContext> contexts, Gatekeeper gatekeeper, IAuditLog audit, StoredBytes stored, TimeProvider time)
{
    /// <summary>The most variables of one organization: lists have no pages.</summary>
    public const int MaxVariables = 2_000;

    /// <summary>Those of one environment, or all.</summary>
    public async Task<Result<IReadOnlyList<Variable>>> ListAsync(
        OperationContext operation, string organization, string? environment, CancellationToken cancellationToken)
    {
        var entered = await gatekeeper.EnterAsync(
            operation, organization, Permission.ReadVariable, "variable.list", OrganizationScope.Resource(environment, "variables"), cancellationToken)
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
            from variable in context.Variables.AsNoTracking()
            where variable.OrganizationId == organizationId && (environmentId == null || variable.EnvironmentId == environmentId)
            join place in context.Environments on variable.EnvironmentId equals place.Id into places
            from place in places.DefaultIfEmpty()
            select new { Variable = variable, Environment = place == null ? null : place.Name })
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return rows.OrderBy(row => row.Variable.Name, StringComparer.Ordinal).ThenBy(row => row.Environment, StringComparer.Ordinal)
            .Select(row => View(row.Variable, organization, row.Environment)).ToList();
    }

    public async Task<Result<Variable>> GetAsync(
        OperationContext operation, string organization, string? environment, string name, CancellationToken cancellationToken)
    {
        var entered = await gatekeeper.EnterAsync(
            operation, organization, Permission.ReadVariable, "variable.get", Resource(environment, name), cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var scope = await EnvironmentQueries.ScopeAsync(context, entered.Value, environment, cancellationToken).ConfigureAwait(false);
        if (!scope.Succeeded)
            return scope.Error;
        var variable = await VariableQueries.FindAsync(context, scope.Value, name, cancellationToken).ConfigureAwait(false);
        if (variable is null)
            return await VariableQueries.NotFoundAsync(context, scope.Value, name, cancellationToken).ConfigureAwait(false);
        var versions = await context.VariableVersions.AsNoTracking().Where(version => version.VariableId == variable.Id)
            .OrderByDescending(version => version.Version)
            .Select(version => new VariableVersion(version.Version, version.Value, version.CreatedAt, version.CreatedBy))
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return View(variable, organization, environment, versions);
    }

    /// <summary>Writes a new version; makes the variable if there is none.</summary>
    public async Task<Result<Variable>> PutAsync(
        OperationContext operation, string organization, string? environment, string name, PutVariableRequest request, CancellationToken cancellationToken)
    {
        if (Validate(name, request) is { } invalid)
            return invalid;
        var resource = Resource(environment, name);
        var entered = await gatekeeper.EnterAsync(
            operation, organization, Permission.WriteVariable, AuditAction.PutVariable, resource, cancellationToken).ConfigureAwait(false);
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
        var variable = await VariableQueries.FindAsync(context, scope.Value, name, cancellationToken).ConfigureAwait(false);
        if (variable is null && await IsFullAsync(context, scope.Value.OrganizationId, cancellationToken).ConfigureAwait(false))
            return new Error(ErrorCode.Conflict, $"organization \"{organization}\" has {MaxVariables} variables, which is the most", "Delete those that are not used.");
        if (await stored.TakeAsync(context, scope.Value.OrganizationId, organization, request.Value!.Length, cancellationToken).ConfigureAwait(false) is { } full)
            return full;
        variable ??= Make(context, scope.Value, name);
        (variable.Version, variable.Value, variable.UpdatedAt) = (variable.Version + 1, request.Value!, time.GetStorableNow());
        context.VariableVersions.Add(new VariableVersionEntity
        {
            Id = ControlPlaneContext.NewId(),
            VariableId = variable.Id,
            Version = variable.Version,
            Value = variable.Value,
            CreatedAt = variable.UpdatedAt,
            CreatedBy = operation.Caller.Name,
        });
        audit.Append(context, operation.Allowed(
            AuditAction.PutVariable, resource, scope.Value.OrganizationId, FormattableString.Invariant($"version {variable.Version}")));
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        var oldest = variable.Version - PutVariableRequest.MaxVersions;
        await context.VariableVersions.Where(version => version.VariableId == variable.Id && version.Version <= oldest)
            .ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return View(variable, organization, environment);
    }

    public async Task<Error?> DeleteAsync(
        OperationContext operation, string organization, string? environment, string name, CancellationToken cancellationToken)
    {
        var resource = Resource(environment, name);
        var entered = await gatekeeper.EnterAsync(
            operation, organization, Permission.WriteVariable, AuditAction.DeleteVariable, resource, cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var transaction = await contexts.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var context = transaction.Context;
        var scope = await EnvironmentQueries.ScopeAsync(context, entered.Value, environment, cancellationToken).ConfigureAwait(false);
        if (!scope.Succeeded)
            return scope.Error;
        var variable = await VariableQueries.FindAsync(context, scope.Value, name, cancellationToken).ConfigureAwait(false);
        if (variable is null)
            return await VariableQueries.NotFoundAsync(context, scope.Value, name, cancellationToken).ConfigureAwait(false);
        audit.Append(context, operation.Allowed(AuditAction.DeleteVariable, resource, scope.Value.OrganizationId));
        context.Variables.Remove(variable);
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return null;
    }

    private static Error? Validate(string name, PutVariableRequest request)
    {
        var faults = new FieldFaults();
        faults.NeedSlug("name", name);
        if (request.Value is null)
            faults.Add("value", "is missing");
        else if (Encoding.UTF8.GetByteCount(request.Value) > PutVariableRequest.MaxBytes)
            faults.Add("value", $"has more than {PutVariableRequest.MaxBytes / 1024} KiB");
        else if (request.Value.Contains('\0', StringComparison.Ordinal))
            // Not every database can store it.
            faults.Add("value", "has a zero character");
        return faults.ToError();
    }

    private static async Task<bool> IsFullAsync(ControlPlaneContext context, string organizationId, CancellationToken cancellationToken) =>
        await context.Variables.CountAsync(variable => variable.OrganizationId == organizationId, cancellationToken).ConfigureAwait(false) >= MaxVariables;

    private VariableEntity Make(ControlPlaneContext context, OrganizationScope scope, string name)
    {
        var now = time.GetStorableNow();
        var made = new VariableEntity
        {
            Id = ControlPlaneContext.NewId(),
            OrganizationId = scope.OrganizationId,
            EnvironmentId = scope.Environment?.Id,
            ScopeId = scope.Id,
            Name = name,
            Version = 0,
            Value = "",
            CreatedAt = now,
            UpdatedAt = now,
        };
        context.Variables.Add(made);
        return made;
    }

    private static string Resource(string? environment, string name) => OrganizationScope.Resource(environment, $"variable/{name}");

    private static Variable View(
        VariableEntity variable, string organization, string? environment, IReadOnlyList<VariableVersion>? versions = null) => new()
    {
        Id = variable.Id,
        Name = variable.Name,
        Organization = organization,
        Environment = environment,
        Version = variable.Version,
        Value = variable.Value,
        CreatedAt = variable.CreatedAt,
        UpdatedAt = variable.UpdatedAt,
        Versions = versions,
    };
}
