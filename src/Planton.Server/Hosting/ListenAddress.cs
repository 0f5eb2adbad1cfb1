using System.Net;
using Planton.Api;

namespace Planton.Server.Hosting;

/// <summary>What may follow <c>--http</c> and <c>--tunnel</c>: an address and a port.</summary>
internal static class ListenAddress
{
    public static bool IsWildcard(HostAndPort listen) => IsWildcard(listen.Host);

    public static bool IsWildcard(string host) =>
        IPAddress.TryParse(host, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    public static bool IsLoopback(HostAndPort listen) => TryResolve(listen, out var endpoint) && IPAddress.IsLoopback(endpoint.Address);

    /// <summary>False when it is a name: a server that listens wherever a name happens to lead surprises its owner.</summary>
    public static bool TryResolve(HostAndPort listen, out IPEndPoint endpoint)
    {
        endpoint = new IPEndPoint(IPAddress.Loopback, listen.Port);
        if (listen.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            return true;
        if (!IPAddress.TryParse(listen.Host, out var address))
            return false;
        endpoint = new IPEndPoint(address, listen.Port);
        return true;
    }
}
