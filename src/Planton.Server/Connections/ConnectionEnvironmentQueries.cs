using Microsoft.EntityFrameworkCore;
using Planton.Server.Authorization;
using Planton.Server.Environments;
using Planton.Server.Errors;
using Planton.Server.Storage;

namespace Planton.Server.Connections;

internal static class ConnectionEnvironmentQueries
{
    /// <summary>The names of the environments that may use a connection, in order; none when all may.</summary>
    public static Task<List<string>> NamesAsync(ControlPlaneContext context, string connectionId, CancellationToken cancellationToken) => (
        from pair in context.ConnectionEnvironments
        where pair.ConnectionId == connectionId
        join environment in context.Environments on pair.EnvironmentId equals environment.Id
        orderby environment.Name
        select environment.Name).ToListAsync(cancellationToken);

    /// <summary>The environments of the given names, or an error that names the first that there is not.</summary>
    public static async Task<Result<IReadOnlyList<EnvironmentEntity>>> FindAllAsync(
        ControlPlaneContext context, CallerMembership organization, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var found = new List<EnvironmentEntity>();
        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            var environment = await EnvironmentQueries.FindAsync(context, organization.OrganizationId, name, cancellationToken).ConfigureAwait(false);
            if (environment is null)
                return await EnvironmentQueries.NotFoundAsync(context, organization, name, cancellationToken).ConfigureAwait(false);
            found.Add(environment);
        }

        return found;
    }
}
