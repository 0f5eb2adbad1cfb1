using Microsoft.AspNetCore.Connections;

namespace Planton.Tunnel.Runner;

/// <summary>On every request that came through the tunnel: the link it came over.</summary>
internal sealed record TunnelLinkFeature(RunnerLink Link, ConnectionContext Connection);
