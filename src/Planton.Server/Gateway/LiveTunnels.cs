using Planton.Tunnel.Gateway;
using Planton.Tunnel.Links;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Gateway;

/// <summary>The open tunnels of a runner by the credential they live by, for whoever lists, counts or ends them.</summary>
internal sealed class LiveTunnels(TunnelRegistry registry, TunnelAdmissions admissions)
{
    /// <summary>How many tunnels are open with each credential of a runner.</summary>
    public IReadOnlyDictionary<string, int> CountByCredential(string runnerId) => Open(runnerId)
        .GroupBy(tunnel => admissions.CredentialOf(tunnel) ?? "", StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);

    /// <summary>The open tunnels of a runner, and the operations under way in them.</summary>
    public LiveCount CountOf(string runnerId)
    {
        var tunnels = Open(runnerId);
        return new LiveCount(tunnels.Count, tunnels.Sum(tunnel => tunnel.Operations));
    }

    /// <summary>
    /// Cuts a runner's tunnels that live by one of <paramref name="credentialIds"/>, or all of them when that is null, with
    /// everything on them. What was revoked must be stored before. Returns when they are cut.
    /// </summary>
    public async Task<LiveCount> CutAsync(string runnerId, IReadOnlySet<string>? credentialIds, LinkRefusal reason)
    {
        admissions.Revoked();
        var doomed = Open(runnerId)
            .Where(tunnel => credentialIds is null || (admissions.CredentialOf(tunnel) is { } id && credentialIds.Contains(id)))
            .ToList();
        var operations = doomed.Sum(tunnel => tunnel.Operations);
        // Nothing here may be cancelled: the revocation is stored, and whoever asked for it may have gone away.
        await Task.WhenAll(doomed.Select(tunnel => tunnel.RefuseAsync(reason, CancellationToken.None))).ConfigureAwait(false);
        return new LiveCount(doomed.Count, operations);
    }

    private List<GatewayTunnel> Open(string runnerId) => [.. registry.Of(runnerId).Where(tunnel => tunnel.State != LinkState.Closed)];
}
