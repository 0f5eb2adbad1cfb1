using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Planton.Api;
using Planton.Tunnel.Gateway;

namespace Planton.Server.Hosting;

/// <summary>Where the server listens in fact: with port 0, only the listeners know which port they got.</summary>
internal sealed class BoundListeners(TunnelGateway gateway)
{
    private ListenOptions? _http;
    private ListenOptions? _metrics;

    /// <summary>Where the API listens. Right once the server has started.</summary>
    public HostAndPort Http => Address(_http?.IPEndPoint);

    /// <summary>Where the gateway listens. Right once the server has started.</summary>
    public HostAndPort Tunnel => Address(gateway.LocalEndPoint);

    /// <summary>Where <c>/metrics</c> is served without a key; null when nowhere. Right once the server has started.</summary>
    public HostAndPort? Metrics => _metrics is null ? null : Address(_metrics.IPEndPoint);

    public void UseMetrics(ListenOptions listen) => _metrics = listen;

    public void UseHttp(ListenOptions listen) => _http = listen;

    private static HostAndPort Address(IPEndPoint? endPoint) => endPoint is null
        ? throw new InvalidOperationException("The server does not listen yet")
        : new HostAndPort(endPoint.Address.ToString(), endPoint.Port);
}
