using Microsoft.EntityFrameworkCore;
using Planton.Api.Runners;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Errors;
using Planton.Server.Organizations;
using Planton.Server.Quotas;
using Planton.Server.Storage;

namespace Planton.Server.Runners;

/// <summary>Registered runners. An organization's name of null means the platform.</summary>
internal sealed class RunnerService(
    IDbContextFactory<ControlPlaneContext> contexts, RunnerGate gate, IAuditLog audit, IRunnerPresence presence, QuotaOptions quotas, TimeProvider time)
{
    public async Task<Result<IReadOnlyList<Runner>>> ListAsync(
        OperationContext operation, string? organization, bool includePlatform, CancellationToken cancellationToken)
    {
        var entered = await gate.EnterAsync(
            operation, organization, Permission.ReadRunner, Permission.ReadPlatformRunner, "runner.list", "", cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var scope = entered.Value;
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var runners = await context.Runners.AsNoTracking()
            .Where(runner => runner.OrganizationId == scope.OrganizationId || (includePlatform && runner.OrganizationId == null))
            .OrderBy(runner => runner.Name)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return await ViewAsync(context, runners, scope.OrganizationName, cancellationToken).ConfigureAwait(false);
    }

    public async Task<Result<Runner>> GetAsync(OperationContext operation, string? organization, string name, CancellationToken cancellationToken)
    {
        var entered = await gate.EnterAsync(
            operation, organization, Permission.ReadRunner, Permission.ReadPlatformRunner, "runner.get", name, cancellationToken).ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var scope = entered.Value;
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var runner = await RunnerQueries.FindAsync(context, scope, name, cancellationToken).ConfigureAwait(false);
        if (runner is null)
            return await RunnerErrors.NotFoundAsync(context, scope, name, cancellationToken).ConfigureAwait(false);
        return (await ViewAsync(context, [runner], scope.OrganizationName, cancellationToken).ConfigureAwait(false))[0];
    }

    public async Task<Result<Runner>> RegisterAsync(
        OperationContext operation, string? organization, RegisterRunnerRequest request, CancellationToken cancellationToken)
    {
        var faults = new FieldFaults();
        faults.NeedSlug("name", request.Name);
        if (faults.ToError() is { } invalid)
            return invalid;
        var name = request.Name!;
        var entered = await gate.EnterAsync(
            operation, organization, Permission.RegisterRunner, Permission.ManagePlatformRunner, AuditAction.RegisterRunner, name, cancellationToken)
            .ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var scope = entered.Value;
        var transaction = await contexts.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var context = transaction.Context;
        if (!await OrganizationQueries.StillExistsAsync(context, scope.OrganizationId, cancellationToken).ConfigureAwait(false))
            return OrganizationErrors.NotFound(organization, operation.Caller);
        if (await RunnerQueries.FindAsync(context, scope, name, cancellationToken).ConfigureAwait(false) is not null)
            return RunnerErrors.AlreadyExists(scope, name);
        var added = await AddAsync(context, operation, scope, name, cancellationToken).ConfigureAwait(false);
        if (!added.Succeeded)
            return added.Error;
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return RunnerView.Of(added.Value, scope.OrganizationName, 0, []);
    }

    /// <summary>Adds a runner and the record of it to <paramref name="context"/>, whose transaction the caller holds, if there are not too many.</summary>
    public async Task<Result<RunnerEntity>> AddAsync(
        ControlPlaneContext context, OperationContext operation, RunnerScope scope, string name, CancellationToken cancellationToken)
    {
        if (await context.Runners.CountAsync(other => other.OrganizationId == scope.OrganizationId, cancellationToken).ConfigureAwait(false) >= quotas.OrganizationRunners)
            return QuotaErrors.Full($"{scope.Description} has as many runners as it may", Quota.OrganizationRunners, quotas);
        var runner = new RunnerEntity
        {
            Id = ControlPlaneContext.NewId(),
            OrganizationId = scope.OrganizationId,
            Name = name,
            CreatedAt = time.GetStorableNow(),
        };
        context.Runners.Add(runner);
        audit.Append(context, operation.Allowed(AuditAction.RegisterRunner, scope.Resource(name), scope.OrganizationId));
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        // Connections go by the name that they were made with: one whose runner was deleted has one again.
        await context.Connections
            .Where(connection => connection.MissingRunner == name && connection.OrganizationId == scope.OrganizationId)
            .ExecuteUpdateAsync(
                set => set.SetProperty(connection => connection.RunnerId, runner.Id).SetProperty(connection => connection.MissingRunner, (string?)null),
                cancellationToken).ConfigureAwait(false);
        return runner;
    }

    private async Task<List<Runner>> ViewAsync(
        ControlPlaneContext context, List<RunnerEntity> runners, string? organization, CancellationToken cancellationToken)
    {
        var ids = runners.Select(runner => runner.Id).ToList();
        var now = time.GetStorableNow();
        var valid = await context.RunnerCredentials
            .Where(credential => ids.Contains(credential.RunnerId) && credential.RevokedAt == null && credential.ExpiresAt > now)
            .GroupBy(credential => credential.RunnerId)
            .Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken).ConfigureAwait(false);
        return
        [
            .. runners.Select(runner => RunnerView.Of(
                runner,
                runner.OrganizationId is null ? null : organization,
                valid.GetValueOrDefault(runner.Id),
                presence.GetTunnels(runner.Id))),
        ];
    }
}
