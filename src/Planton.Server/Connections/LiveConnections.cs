using Microsoft.EntityFrameworkCore;
using Planton.Server.Errors;
using Planton.Server.Storage;

namespace Planton.Server.Connections;

/// <summary>Which connections may be used for which environments now, read for many operations at once.</summary>
internal sealed class LiveConnections
{
    private const int MaxIdsOfQuery = 500;

    // The environments that each connection is authorized for, by id; none: all.
    private readonly Dictionary<string, Dictionary<string, string>> _connections = new(StringComparer.Ordinal);
    private readonly HashSet<string> _environments = new(StringComparer.Ordinal);

    public static async Task<LiveConnections> ReadAsync(
        ControlPlaneContext context, IReadOnlyCollection<LiveTarget> targets, CancellationToken cancellationToken)
    {
        var live = new LiveConnections();
        foreach (var ids in targets.Select(target => target.ConnectionId).Distinct().Chunk(MaxIdsOfQuery))
            await live.ReadConnectionsAsync(context, [.. ids], cancellationToken).ConfigureAwait(false);
        foreach (var chunk in targets.Select(target => target.EnvironmentId).OfType<string>().Distinct().Chunk(MaxIdsOfQuery))
        {
            var ids = chunk.ToList();
            live._environments.UnionWith(await context.Environments.Where(environment => ids.Contains(environment.Id))
                .Select(environment => environment.Id).ToListAsync(cancellationToken).ConfigureAwait(false));
        }

        return live;
    }

    /// <summary>Null while the target may be used; else why not.</summary>
    public Error? Check(LiveTarget target)
    {
        if (!_connections.TryGetValue(target.ConnectionId, out var authorized))
            return ConnectionErrors.JustDeleted(target.Connection);
        if (target.EnvironmentId is { } environment && !_environments.Contains(environment))
            return ConnectionErrors.EnvironmentJustDeleted(target.Environment!);
        return authorized.Count == 0 || (target.EnvironmentId is { } asked && authorized.ContainsKey(asked))
            ? null
            : ConnectionErrors.WrongEnvironment(target.Connection, [.. authorized.Values.Order(StringComparer.Ordinal)], target.Environment);
    }

    // In one query: between two, a connection that is deleted would look like one for all environments.
    private async Task ReadConnectionsAsync(ControlPlaneContext context, List<string> ids, CancellationToken cancellationToken)
    {
        var rows = await (
            from connection in context.Connections
            where ids.Contains(connection.Id)
            join pair in context.ConnectionEnvironments on connection.Id equals pair.ConnectionId into pairs
            from pair in pairs.DefaultIfEmpty()
            join environment in context.Environments on pair!.EnvironmentId equals environment.Id into environments
            from environment in environments.DefaultIfEmpty()
            select new { connection.Id, EnvironmentId = environment == null ? null : environment.Id, Environment = environment == null ? null : environment.Name })
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var row in rows)
        {
            if (!_connections.TryGetValue(row.Id, out var authorized))
                _connections[row.Id] = authorized = new Dictionary<string, string>(StringComparer.Ordinal);
            if (row.EnvironmentId is not null)
                authorized[row.EnvironmentId] = row.Environment!;
        }
    }
}
