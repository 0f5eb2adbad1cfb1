using Microsoft.EntityFrameworkCore;
using Planton.Api.Routing;
using Planton.Api.Runners;
using Planton.Server.Authorization;
using Planton.Server.Connections;
using Planton.Server.Errors;
using Planton.Server.Gateway;
using Planton.Server.Storage;

namespace Planton.Server.Runners;

/// <summary>Tells, before it is done, what the end of a runner or of its credentials would end with it.</summary>
internal sealed class RunnerImpactService(
    IDbContextFactory<ControlPlaneContext> contexts, RunnerGate gate, LiveTunnels tunnels, TimeProvider time)
{
    // More names than these help nobody to decide.
    private const int MaxNamed = 100;

    public async Task<Result<RunnerImpact>> GetAsync(
        OperationContext operation, string? organization, string name, CancellationToken cancellationToken)
    {
        var entered = await gate.EnterAsync(
            operation, organization, Permission.ReadRunner, Permission.ManagePlatformRunner, "runner.impact", name, cancellationToken)
            .ConfigureAwait(false);
        if (!entered.Succeeded)
            return entered.Error;
        var scope = entered.Value;
        var now = time.GetStorableNow();
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var runner = await RunnerQueries.FindAsync(context, scope, name, cancellationToken).ConfigureAwait(false);
        if (runner is null)
            return await RunnerErrors.NotFoundAsync(context, scope, name, cancellationToken).ConfigureAwait(false);
        var isDefault = await context.DefaultRunnerBindings
            .AnyAsync(binding => binding.OrganizationId == scope.OrganizationId && binding.RunnerId == runner.Id, cancellationToken).ConfigureAwait(false);
        var routed = RoutedTo(context, runner, isDefault);
        var own = operation.Caller.Memberships.Select(membership => membership.OrganizationId).ToList();
        var named = await routed.Where(connection => own.Contains(connection.OrganizationId))
            .Join(context.Organizations, connection => connection.OrganizationId, o => o.Id, (connection, o) => new { Organization = o.Name, connection.Name })
            .OrderBy(connection => connection.Organization).ThenBy(connection => connection.Name)
            .Take(MaxNamed)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        var live = tunnels.CountOf(runner.Id);
        return new RunnerImpact
        {
            Tunnels = live.Tunnels,
            Operations = live.Operations,
            Credentials = await context.RunnerCredentials
                .CountAsync(c => c.RunnerId == runner.Id && c.RevokedAt == null && c.ExpiresAt > now, cancellationToken).ConfigureAwait(false),
            Connections = named.ConvertAll(c => scope.OrganizationId is null ? $"{c.Organization}/{c.Name}" : c.Name),
            OtherConnections = await routed.CountAsync(cancellationToken).ConfigureAwait(false) - named.Count,
            DefaultLevels = isDefault ? [scope.OrganizationId is null ? RouteLevelName.Platform : RouteLevelName.Organization] : [],
        };
    }

    // By name, or by being the default of whoever names none.
    private static IQueryable<ConnectionEntity> RoutedTo(ControlPlaneContext context, RunnerEntity runner, bool isDefault) =>
        from connection in context.Connections.AsNoTracking()
        where connection.RunnerId == runner.Id
            || (isDefault && connection.RunnerId == null && connection.MissingRunner == null
                && (runner.OrganizationId == null
                    ? !context.DefaultRunnerBindings.Any(binding => binding.OrganizationId == connection.OrganizationId)
                        && context.RunnerGrants.Any(grant => grant.RunnerId == runner.Id && grant.OrganizationId == connection.OrganizationId)
                    : connection.OrganizationId == runner.OrganizationId))
        select connection;
}
