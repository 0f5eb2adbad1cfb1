using System.Collections.Concurrent;
using System.Collections.Immutable;
using Planton.Tunnel.Links;

namespace Planton.Tunnel.Gateway;

/// <summary>The open tunnels of this gateway, by runner. The only state that lives in memory alone.</summary>
public sealed class TunnelRegistry
{
    private readonly ConcurrentDictionary<string, ImmutableArray<GatewayTunnel>> _tunnels = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>How many tunnels are open.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Every open tunnel.</summary>
    public IEnumerable<GatewayTunnel> All => _tunnels.Values.SelectMany(tunnels => tunnels);

    /// <summary>The open tunnels of one runner, oldest first.</summary>
    public ImmutableArray<GatewayTunnel> Of(string runnerId) => _tunnels.TryGetValue(runnerId, out var tunnels) ? tunnels : [];

    /// <summary>
    /// Reserves a place on the least busy ready tunnel of a runner, leaving out those in <paramref name="except"/>; null when
    /// there is none with a place.
    /// </summary>
    public OperationLease? TryBeginOperation(string runnerId, IReadOnlyCollection<GatewayTunnel>? except = null)
    {
        var candidates = Of(runnerId).Where(t => t.State == LinkState.Ready && except?.Contains(t) != true);
        foreach (var tunnel in candidates.OrderBy(t => t.Operations))
        {
            if (tunnel.TryBeginOperation() is { } lease)
                return lease;
        }

        return null;
    }

    internal bool TryAdd(GatewayTunnel tunnel, int maxPerRunner, int max)
    {
        if (Interlocked.Increment(ref _count) <= max)
        {
            var after = _tunnels.AddOrUpdate(tunnel.Identity.RunnerId, [tunnel], (_, before) => before.Length < maxPerRunner ? before.Add(tunnel) : before);
            if (after.Contains(tunnel))
                return true;
        }

        Interlocked.Decrement(ref _count);
        return false;
    }

    internal void Remove(GatewayTunnel tunnel)
    {
        var runner = tunnel.Identity.RunnerId;
        while (_tunnels.TryGetValue(runner, out var before) && before.Contains(tunnel))
        {
            var after = before.Remove(tunnel);
            var removed = after.IsEmpty
                ? _tunnels.TryRemove(KeyValuePair.Create(runner, before))
                : _tunnels.TryUpdate(runner, after, before);
            if (!removed)
                continue;
            Interlocked.Decrement(ref _count);
            return;
        }
    }
}
