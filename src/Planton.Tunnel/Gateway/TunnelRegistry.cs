using System.Collections.Concurrent;
using System.Collections.Immutable;
using Planton.Tunnel.Links;

namespace Planton.Tunnel.Gateway;

/// <summary>The open tunnels of this gateway, by runner. The only state that lives in memory alone.</summary>
public sealed class TunnelRegistry
{
    private readonly ConcurrentDictionary<string, ImmutableArray<GatewayTunnel>> _tunnels = new(StringComparer.Ordinal);

    // Held by whoever changes anything; who looks a runner up does without.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _organizations = new(StringComparer.Ordinal);
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

    /// <summary>How many operations a runner takes at once, over all its open tunnels; 0 when it has none.</summary>
    public int CapacityOf(string runnerId)
    {
        var capacity = 0;
        // A tunnel that drains still has operations, which are counted against it.
        foreach (var tunnel in Of(runnerId))
            capacity += tunnel.State is LinkState.Ready or LinkState.Draining ? tunnel.Capacity : 0;
        return capacity;
    }

    /// <summary>Null when the tunnel was added; else which limit it is beyond.</summary>
    internal string? TryAdd(GatewayTunnel tunnel, TunnelGatewayOptions options)
    {
        var (runner, organization) = (tunnel.Identity.RunnerId, OrganizationOf(tunnel));
        lock (_gate)
        {
            var before = Of(runner);
            var ofOrganization = _organizations.GetValueOrDefault(organization);
            if (before.Length >= options.MaxTunnelsPerRunner)
                return $"this runner has {before.Length} tunnels, which is the most (quota runner-tunnels)";
            if (ofOrganization >= options.MaxTunnelsPerOrganization)
                return $"the runners of this organization have {ofOrganization} tunnels, which is the most (quota organization-tunnels)";
            if (_count >= options.MaxTunnels)
                return $"the gateway has {_count} tunnels, which is the most";
            _tunnels[runner] = before.Add(tunnel);
            _organizations[organization] = ofOrganization + 1;
            _count++;
            return null;
        }
    }

    internal void Remove(GatewayTunnel tunnel)
    {
        var (runner, organization) = (tunnel.Identity.RunnerId, OrganizationOf(tunnel));
        lock (_gate)
        {
            var before = Of(runner);
            var after = before.Remove(tunnel);
            if (after.Length == before.Length)
                return;
            if (after.IsEmpty)
                _tunnels.TryRemove(runner, out _);
            else
                _tunnels[runner] = after;
            if (--_organizations[organization] == 0)
                _organizations.Remove(organization);
            _count--;
        }
    }

    // The platform's runners, which are of none, count as one.
    private static string OrganizationOf(GatewayTunnel tunnel) => tunnel.Identity.OrganizationId ?? "";
}
