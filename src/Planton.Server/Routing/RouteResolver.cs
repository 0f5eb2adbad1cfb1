using Microsoft.EntityFrameworkCore;
using Planton.Server.Connections;
using Planton.Server.DefaultRunners;
using Planton.Server.Errors;
using Planton.Server.Runners;
using Planton.Server.Storage;

namespace Planton.Server.Routing;

/// <summary>Resolution order: the connection's own runner, the organization's default, the platform's default.</summary>
internal sealed class RouteResolver(IDbContextFactory<ControlPlaneContext> contexts)
{
    public async Task<Result<Route>> ResolveAsync(ConnectionEntity connection, CancellationToken cancellationToken)
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
