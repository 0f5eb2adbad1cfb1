using Microsoft.EntityFrameworkCore;
using Planton.Api.DefaultRunners;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Organizations;
using Planton.Server.Runners;
using Planton.Server.Storage;

namespace Planton.Server.DefaultRunners;

/// <summary>The runner of connections that name none. An organization's name of null means the platform.</summary>
internal sealed class DefaultRunnerService(IDbContextFactory<ControlPlaneContext> contexts, RunnerGate gate, IAuditLog audit)
{
    public async Task<Result<DefaultRunner>> GetAsync(OperationContext operation, string? organization, CancellationToken cancellationToken)
    {
        var entered = await gate.EnterAsync(
            operation, organization, Permission.ReadRunner, Permission.ReadPlatformRunner, "runner.get-default", "", cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        return await DefaultRunnerQueries.ReadAsync(context, entered.Value.OrganizationId, cancellationToken).ConfigureAwait(false);
    }

    public async Task<Result<DefaultRunner>> SetAsync(
        OperationContext operation, string? organization, SetDefaultRunnerRequest request, CancellationToken cancellationToken)
    {
        var faults = new FieldFaults();
        faults.NeedSlug("runner", request.Runner);
        if (faults.ToError() is { } invalid)
            return invalid;
        var name = request.Runner!;
        var entered = await gate.EnterAsync(
            operation, organization, Permission.SetDefaultRunner, Permission.ManagePlatformRunner, AuditAction.SetDefaultRunner, name, cancellationToken)
            .ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var scope = entered.Value;
        var transaction = await contexts.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var context = transaction.Context;
        if (!await OrganizationQueries.StillExistsAsync(context, scope.OrganizationId, cancellationToken).ConfigureAwait(false))
            return OrganizationErrors.NotFound(organization, operation.Caller);
        // In that scope alone: a default of the platform's serves whoever has none of their own, and need not be set again.
        var runner = await RunnerQueries.FindAsync(context, scope, name, cancellationToken).ConfigureAwait(false);
        if (runner is null)
            return await RunnerErrors.NotFoundAsync(context, scope, name, cancellationToken).ConfigureAwait(false);
        var id = DefaultRunnerBindingEntity.IdOf(scope.OrganizationId);
        var binding = await context.DefaultRunnerBindings.SingleOrDefaultAsync(binding => binding.Id == id, cancellationToken).ConfigureAwait(false);
        if (binding is null)
            context.DefaultRunnerBindings.Add(new DefaultRunnerBindingEntity { Id = id, OrganizationId = scope.OrganizationId, RunnerId = runner.Id });
        else
            binding.RunnerId = runner.Id;
        audit.Append(context, operation.Allowed(AuditAction.SetDefaultRunner, scope.Resource(name), scope.OrganizationId));
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        var now = await DefaultRunnerQueries.ReadAsync(context, scope.OrganizationId, cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return now;
    }

    /// <summary>Nothing happens when none is set.</summary>
    public async Task<Result<DefaultRunner>> UnsetAsync(OperationContext operation, string? organization, CancellationToken cancellationToken)
    {
        var entered = await gate.EnterAsync(
            operation, organization, Permission.SetDefaultRunner, Permission.ManagePlatformRunner, AuditAction.UnsetDefaultRunner, "", cancellationToken)
            .ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var scope = entered.Value;
        var transaction = await contexts.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var context = transaction.Context;
        var before = await DefaultRunnerQueries.ReadAsync(context, scope.OrganizationId, cancellationToken).ConfigureAwait(false);
        var id = DefaultRunnerBindingEntity.IdOf(scope.OrganizationId);
        await context.DefaultRunnerBindings.Where(binding => binding.Id == id).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        var was = scope.OrganizationId is null ? before.Platform : before.Organization;
        audit.Append(context, operation.Allowed(AuditAction.UnsetDefaultRunner, scope.Resource(was ?? ""), scope.OrganizationId));
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        var now = await DefaultRunnerQueries.ReadAsync(context, scope.OrganizationId, cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return now;
    }
}
