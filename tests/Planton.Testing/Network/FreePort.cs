using System.Net;
using System.Net.Sockets;

namespace Planton.Testing.Network;

/// <summary>Ports for programs that cannot pick one themselves.</summary>
public static class FreePort
{
    /// <summary>A TCP port of the loopback address on which nothing listened a moment ago.</summary>
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
