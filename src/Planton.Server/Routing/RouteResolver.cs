using Microsoft.EntityFrameworkCore;
using Planton.Server.Connections;
using Planton.Server.DefaultRunners;
using Planton.Server.Errors;
using Planton.Server.RunnerGrants;
using Planton.Server.Runners;
using Planton.Server.Storage;

namespace Planton.Server.Routing;

/// <summary>
/// Resolution order: the connection's own runner, the organization's default, the platform's default. A runner of the platform
/// serves only what is granted to the organization; without a grant no further level is tried.
/// </summary>
internal sealed class RouteResolver(IDbContextFactory<ControlPlaneContext> contexts, RunnerGrantCheck grants)
{
    public async Task<Result<Route>> ResolveAsync(ConnectionEntity connection, CancellationToken cancellationToken)
    {
        var found = await FindAsync(connection, cancellationToken).ConfigureAwait(false);
        return found.Succeeded ? await AllowAsync(found.Value, connection, cancellationToken).ConfigureAwait(false) : found;
    }

    /// <summary>The route, if the connection may take it.</summary>
    public async Task<Result<Route>> AllowAsync(Route route, ConnectionEntity connection, CancellationToken cancellationToken)
    {
        if (!route.IsOfPlatform)
            return route;
        var access = await grants.CheckAsync(route.Runner.Id, connection, cancellationToken).ConfigureAwait(false);
        return access.Succeeded ? route with { Access = access.Value } : access.Error;
    }

    /// <summary>The runner that the connection's operations would go to, whether granted or not.</summary>
    public async Task<Result<Route>> FindAsync(ConnectionEntity connection, CancellationToken cancellationToken)
    {
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using (context.ConfigureAwait(false))
        {
            if (connection.MissingRunner is { } missing)
                return RouteErrors.RunnerDeleted(connection, missing);
            var (runnerId, level) = await RunnerIdAsync(context, connection, cancellationToken).ConfigureAwait(false);
            if (runnerId is null)
                return RouteErrors.NoRunnerAvailable(connection);
            var runner = await context.Runners.AsNoTracking().FirstOrDefaultAsync(r => r.Id == runnerId, cancellationToken).ConfigureAwait(false);

            // A runner is its own organization's or the platform's: never another's, whatever a row says.
            if (runner is null || (runner.OrganizationId is not null && runner.OrganizationId != connection.OrganizationId))
                return RouteErrors.NoRunnerAvailable(connection);
            var organization = await OrganizationNameAsync(context, runner, cancellationToken).ConfigureAwait(false);
            return new Route(runner, organization, level);
        }
    }

    private static async Task<(string? RunnerId, RouteLevel Level)> RunnerIdAsync(
        ControlPlaneContext context, ConnectionEntity connection, CancellationToken cancellationToken)
    {
        if (connection.RunnerId is not null)
            return (connection.RunnerId, RouteLevel.Connection);
        var (organization, platform) = (DefaultRunnerBindingEntity.IdOf(connection.OrganizationId), DefaultRunnerBindingEntity.IdOf(null));
        var bindings = await context.DefaultRunnerBindings.AsNoTracking()
            .Where(binding => binding.Id == organization || binding.Id == platform)
            .ToDictionaryAsync(binding => binding.Id, binding => binding.RunnerId, cancellationToken).ConfigureAwait(false);
        return bindings.TryGetValue(organization, out var runnerId)
            ? (runnerId, RouteLevel.Organization)
            : (bindings.GetValueOrDefault(platform), RouteLevel.Platform);
    }

    private static async Task<string?> OrganizationNameAsync(ControlPlaneContext context, RunnerEntity runner, CancellationToken cancellationToken) =>
        runner.OrganizationId is null
            ? null
            : await context.Organizations.AsNoTracking().Where(o => o.Id == runner.OrganizationId).Select(o => o.Name)
                .FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
}
