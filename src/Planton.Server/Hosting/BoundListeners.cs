using Microsoft.AspNetCore.Server.Kestrel.Core;
using Planton.Api;

namespace Planton.Server.Hosting;

/// <summary>The two listeners as Kestrel bound them: with port 0, only it knows which port they got.</summary>
internal sealed class BoundListeners
{
    private ListenOptions? _http;
    private ListenOptions? _tunnel;

    /// <summary>Where the API listens. Right once the server has started.</summary>
    public HostAndPort Http => Address(_http);

    /// <summary>Where the gateway listens. Right once the server has started.</summary>
    public HostAndPort Tunnel => Address(_tunnel);

    public void UseHttp(ListenOptions listen) => _http = listen;

    public void UseTunnel(ListenOptions listen) => _tunnel = listen;

    private static HostAndPort Address(ListenOptions? listen)
    {
        var endpoint = (listen ?? throw new InvalidOperationException("The listeners are not configured yet")).IPEndPoint!;
        return new HostAndPort(endpoint.Address.ToString(), endpoint.Port);
    }
}
