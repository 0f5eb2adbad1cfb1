using System.Net;

namespace Planton.Tunnel.Runner;

/// <summary>The endpoint that Kestrel "listens" on: the address it dials out to.</summary>
internal sealed class TunnelEndPoint(string host, int port) : EndPoint
{
    public override string ToString() => $"tunnel://{host}:{port}";
}
