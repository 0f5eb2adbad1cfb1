using Microsoft.EntityFrameworkCore;
using Planton.Api.RunnerGrants;
using Planton.Server.Audit;
using Planton.Server.Authorization;
using Planton.Server.Connections;
using Planton.Server.Errors;
using Planton.Server.Runners;
using Planton.Server.Storage;

namespace Planton.Server.RunnerGrants;

/// <summary>Which organizations the platform's runners serve, and with what. For platform operators alone.</summary>
internal sealed class RunnerGrantService(IDbContextFactory<ControlPlaneContext> contexts, Gatekeeper gatekeeper, AccessChanges changes)
{
    /// <summary>The most grants of one runner to one organization: their address ranges travel in one header.</summary>
    public const int MaxOfOrganization = 16;

    public async Task<Result<List<RunnerGrant>>> ListAsync(OperationContext operation, string runner, CancellationToken cancellationToken)
    {
        var denied = await gatekeeper.EnterPlatformAsync(
            operation, Permission.ManagePlatformRunner, "runner.list-grants", RunnerScope.Platform.Resource(runner), cancellationToken).ConfigureAwait(false);
        if (denied is not null)
            return denied;
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var found = await RunnerQueries.FindAsync(context, RunnerScope.Platform, runner, cancellationToken).ConfigureAwait(false);
        return found is null
            ? await RunnerErrors.NotFoundAsync(context, RunnerScope.Platform, runner, cancellationToken).ConfigureAwait(false)
            : await RunnerGrantQueries.ViewAsync(context, found, cancellationToken).ConfigureAwait(false);
    }

    public async Task<Result<RunnerGrant>> CreateAsync(
        OperationContext operation, string runner, CreateRunnerGrantRequest request, CancellationToken cancellationToken)
    {
        if (RunnerGrantValidator.Validate(request) is { } invalid)
            return invalid;
        return await changes.RunAsync<RunnerGrant>(
            operation, null, Permission.ManagePlatformRunner, AuditAction.GrantRunner, RunnerScope.Platform.Resource(runner),
            change => AddAsync(change, runner, request, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What runs by the grant is aborted: the change wakes whoever watches the operations in flight.</summary>
    public Task<Error?> RevokeAsync(OperationContext operation, string runner, string id, CancellationToken cancellationToken) => changes.RunAsync(
        operation, null, Permission.ManagePlatformRunner, AuditAction.RevokeRunnerGrant, RunnerScope.Platform.Resource(runner),
        async change =>
        {
            var context = change.Context;
            var found = await RunnerQueries.FindAsync(context, RunnerScope.Platform, runner, cancellationToken).ConfigureAwait(false);
            if (found is null)
                return await RunnerErrors.NotFoundAsync(context, RunnerScope.Platform, runner, cancellationToken).ConfigureAwait(false);
            var grant = await context.RunnerGrants.SingleOrDefaultAsync(grant => grant.Id == id && grant.RunnerId == found.Id, cancellationToken).ConfigureAwait(false);
            if (grant is null)
                return RunnerGrantErrors.NotFound(runner);
            var organization = await context.Organizations.Where(organization => organization.Id == grant.OrganizationId)
                .Select(organization => organization.Name).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
            change.Detail = $"grant {grant.Id} to organization {organization}: {RunnerGrantQueries.Describe(grant)}";
            context.RunnerGrants.Remove(grant);
            return null;
        },
        cancellationToken);

    private static async Task<Result<RunnerGrant>> AddAsync(
        AccessChange change, string runner, CreateRunnerGrantRequest request, CancellationToken cancellationToken)
    {
        var context = change.Context;
        var found = await RunnerQueries.FindAsync(context, RunnerScope.Platform, runner, cancellationToken).ConfigureAwait(false);
        if (found is null)
            return await RunnerErrors.NotFoundAsync(context, RunnerScope.Platform, runner, cancellationToken).ConfigureAwait(false);
        var name = request.Organization!;
        var organization = await context.Organizations.SingleOrDefaultAsync(organization => organization.Name == name, cancellationToken).ConfigureAwait(false);
        if (organization is null)
            return await RunnerGrantErrors.OrganizationNotFoundAsync(context, name, cancellationToken).ConfigureAwait(false);
        var made = new RunnerGrantEntity
        {
            Id = ControlPlaneContext.NewId(),
            RunnerId = found.Id,
            OrganizationId = organization.Id,
            Mode = request.Mode ?? ConnectionAuthMode.Runner,
            KubeContexts = [.. (request.KubeContexts ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            AllowCidrs = [.. (request.AllowCidrs ?? []).Select(RunnerGrantValidator.Canonical).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            CreatedAt = change.Now,
            CreatedById = change.Caller.Id,
        };
        var others = await context.RunnerGrants.AsNoTracking()
            .Where(grant => grant.RunnerId == found.Id && grant.OrganizationId == organization.Id).ToListAsync(cancellationToken).ConfigureAwait(false);
        if (others.Find(other => SaysTheSame(other, made)) is { } same)
            return RunnerGrantErrors.AlreadyExists(runner, same);
        if (others.Count >= MaxOfOrganization)
            return RunnerGrantErrors.TooMany(runner, name);
        context.RunnerGrants.Add(made);
        change.Detail = $"grant {made.Id} to organization {name}: {RunnerGrantQueries.Describe(made)}";
        return RunnerGrantQueries.View(made, runner, name, change.Caller.Name);
    }

    private static bool SaysTheSame(RunnerGrantEntity one, RunnerGrantEntity other) =>
        one.Mode == other.Mode && one.KubeContexts.SequenceEqual(other.KubeContexts) && one.AllowCidrs.SequenceEqual(other.AllowCidrs);
}
