using Microsoft.EntityFrameworkCore;
using Planton.Api;
using Planton.Server.Authorization;
using Planton.Server.Environments;
using Planton.Server.Errors;
using Planton.Server.Storage;

namespace Planton.Server.Connections;

/// <summary>
/// From how a request names its connection to that connection: the one it names, else the environment's default, else the
/// organization's; and only where it may be used in the request's environment.
/// </summary>
internal sealed class ConnectionFinder(IDbContextFactory<ControlPlaneContext> contexts)
{
    public async Task<Result<FoundConnection>> FindAsync(CallerMembership organization, ConnectionAddress address, CancellationToken cancellationToken)
    {
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        var scope = await EnvironmentQueries.ScopeAsync(context, organization, address.Environment, cancellationToken).ConfigureAwait(false);
        if (!scope.Succeeded)
            return scope.Error;
        var name = address.Name;
        if (name is null)
        {
            var (found, _) = await DefaultConnectionQueries.EffectiveAsync(context, scope.Value, cancellationToken).ConfigureAwait(false);
            if (found is null)
                return ConnectionErrors.NoDefault(scope.Value);
            name = found;
        }

        // What is no name is not asked for: a path may hold what a database takes for no text.
        if (!Slug.IsValid(name))
            return await ConnectionErrors.NotFoundAsync(context, organization, name, cancellationToken).ConfigureAwait(false);

        // One question for what nearly every request needs.
        var row = await (
            from connection in context.Connections.AsNoTracking()
            where connection.OrganizationId == organization.OrganizationId && connection.Name == name
            select new
            {
                Connection = connection,
                Limited = context.ConnectionEnvironments.Any(pair => pair.ConnectionId == connection.Id),
            }).SingleOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (row is null)
            return await ConnectionErrors.NotFoundAsync(context, organization, name, cancellationToken).ConfigureAwait(false);
        if (row.Limited)
        {
            var authorized = await ConnectionEnvironmentQueries.NamesAsync(context, row.Connection.Id, cancellationToken).ConfigureAwait(false);
            if (address.Environment is null || !authorized.Contains(address.Environment))
                return ConnectionErrors.WrongEnvironment(name, authorized, address.Environment);
        }

        return new FoundConnection(row.Connection, scope.Value.Environment);
    }

    /// <summary>Null while a target that was found may still be used; else why not.</summary>
    public async Task<Error?> CheckAsync(LiveTarget target, CancellationToken cancellationToken)
    {
        var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = context.ConfigureAwait(false);
        return (await LiveConnections.ReadAsync(context, [target], cancellationToken).ConfigureAwait(false)).Check(target);
    }
}
