using Microsoft.EntityFrameworkCore;
using Planton.Server.Storage;

namespace Planton.Server.Connections;

internal static class ConnectionQueries
{
    /// <summary>The connections of an organization, each with the name of its runner.</summary>
    public static IQueryable<ConnectionRow> InOrganization(ControlPlaneContext context, string organizationId) =>
        from connection in context.Connections
        where connection.OrganizationId == organizationId
        join runner in context.Runners on connection.RunnerId equals runner.Id into runners
        from runner in runners.DefaultIfEmpty()
        select new ConnectionRow { Connection = connection, Runner = runner == null ? connection.MissingRunner : runner.Name };

    public static Task<ConnectionRow?> FindAsync(
        ControlPlaneContext context, string organizationId, string name, CancellationToken cancellationToken) =>
        InOrganization(context, organizationId).SingleOrDefaultAsync(row => row.Connection.Name == name, cancellationToken);
}
