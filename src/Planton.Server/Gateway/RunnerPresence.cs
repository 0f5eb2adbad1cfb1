using Planton.Api.Runners;
using Planton.Server.Runners;
using Planton.Tunnel.Gateway;
using Planton.Tunnel.Links;

namespace Planton.Server.Gateway;

/// <summary>The tunnels of this gateway, as the API shows them.</summary>
internal sealed class RunnerPresence(TunnelRegistry registry) : IRunnerPresence
{
    public IReadOnlyList<RunnerTunnel> GetTunnels(string runnerId) =>
    [
        .. registry.Of(runnerId)
            .Where(tunnel => tunnel.State is LinkState.Ready or LinkState.Draining)
            .Select(tunnel => new RunnerTunnel
            {
                Id = tunnel.Id,
                InstanceId = tunnel.Greeting?.InstanceId ?? "",
                State = tunnel.State == LinkState.Ready ? "ready" : "draining",
                ConnectedAt = tunnel.ConnectedAt,
                Address = tunnel.RemoteEndPoint?.ToString() ?? "",
                HostName = tunnel.Greeting?.HostName,
                Version = tunnel.Greeting?.Version,
                Operations = tunnel.Operations,
            }),
    ];
}
