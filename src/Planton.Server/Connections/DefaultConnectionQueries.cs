using Microsoft.EntityFrameworkCore;
using Planton.Server.Environments;
using Planton.Server.Storage;

namespace Planton.Server.Connections;

internal static class DefaultConnectionQueries
{
    /// <summary>The default connection's name: the environment's own, else the organization's; and whose it is.</summary>
    public static async Task<(string? Name, string? Level)> EffectiveAsync(
        ControlPlaneContext context, OrganizationScope scope, CancellationToken cancellationToken)
    {
        var (own, organization) = (scope.Id, scope.OrganizationId);
        var rows = await (
            from binding in context.DefaultConnections
            where binding.ScopeId == own || binding.ScopeId == organization
            join connection in context.Connections on binding.ConnectionId equals connection.Id
            select new { binding.ScopeId, connection.Name }).ToListAsync(cancellationToken).ConfigureAwait(false);
        var nearest = rows.Find(row => row.ScopeId == own) ?? rows.FirstOrDefault();
        return nearest is null
            ? (null, null)
            : (nearest.Name, nearest.ScopeId == organization ? DefaultConnectionLevel.Organization : DefaultConnectionLevel.Environment);
    }
}
