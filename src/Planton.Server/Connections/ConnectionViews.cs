using Microsoft.EntityFrameworkCore;
using Planton.Api.Connections;
using Planton.Server.Authorization;
using Planton.Server.Storage;

namespace Planton.Server.Connections;

/// <summary>Connections as the API shows them: with their runner, their environments and whose default they are.</summary>
internal static class ConnectionViews
{
    public static async Task<List<Connection>> ListAsync(
        ControlPlaneContext context, CallerMembership organization, CancellationToken cancellationToken)
    {
        var rows = await ConnectionQueries.InOrganization(context, organization.OrganizationId).AsNoTracking()
            .OrderBy(row => row.Connection.Name).ToListAsync(cancellationToken).ConfigureAwait(false);
        return await AddAsync(context, organization, rows, null, cancellationToken).ConfigureAwait(false);
    }

    public static async Task<Connection> OneAsync(
        ControlPlaneContext context, CallerMembership organization, ConnectionRow row, CancellationToken cancellationToken) =>
        (await AddAsync(context, organization, [row], row.Connection.Id, cancellationToken).ConfigureAwait(false))[0];

    private static async Task<List<Connection>> AddAsync(
        ControlPlaneContext context, CallerMembership organization, List<ConnectionRow> rows, string? onlyId, CancellationToken cancellationToken)
    {
        var organizationId = organization.OrganizationId;
        var environments = await (
            from pair in context.ConnectionEnvironments
            join environment in context.Environments on pair.EnvironmentId equals environment.Id
            where environment.OrganizationId == organizationId && (onlyId == null || pair.ConnectionId == onlyId)
            orderby environment.Name
            select new { pair.ConnectionId, environment.Name }).ToListAsync(cancellationToken).ConfigureAwait(false);
        var defaults = await (
            from binding in context.DefaultConnections
            where binding.OrganizationId == organizationId && (onlyId == null || binding.ConnectionId == onlyId)
            join environment in context.Environments on binding.EnvironmentId equals environment.Id into places
            from environment in places.DefaultIfEmpty()
            select new { binding.ConnectionId, Environment = environment == null ? null : environment.Name }).ToListAsync(cancellationToken).ConfigureAwait(false);
        var environmentsOf = environments.ToLookup(pair => pair.ConnectionId, pair => pair.Name, StringComparer.Ordinal);
        var defaultsOf = defaults.ToLookup(binding => binding.ConnectionId, binding => binding.Environment, StringComparer.Ordinal);
        return rows.ConvertAll(row => new Connection
        {
            Id = row.Connection.Id,
            Name = row.Connection.Name,
            Organization = organization.OrganizationName,
            Kind = row.Connection.Kind,
            AuthMode = row.Connection.AuthMode,
            Runner = row.Runner,
            Kubernetes = row.Connection.Kind == ConnectionKind.Kubernetes ? new KubernetesTarget { Context = row.Connection.KubernetesContext } : null,
            Environments = [.. environmentsOf[row.Connection.Id]],
            IsDefault = defaultsOf[row.Connection.Id].Contains(null),
            DefaultOf = [.. defaultsOf[row.Connection.Id].OfType<string>().Order(StringComparer.Ordinal)],
            CreatedAt = row.Connection.CreatedAt,
        });
    }
}
