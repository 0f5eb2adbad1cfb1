using System.Net;
using System.Net.Sockets;
using Planton.Runner.Network;

namespace Planton.Runner.Providers.Kubernetes.Inline;

/// <summary>
/// Where a connection that brings its own address may not lead: to what gives this machine its identity in a cloud. A request
/// there would hand the runner's own role to whoever may make connections.
/// </summary>
internal static class InlineAddresses
{
    private static readonly IPNetwork[] Forbidden =
    [
        // Link-local: the metadata services of AWS, GCP, Azure and others, and those of AWS for tasks and pods.
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("fe80::/10"),
        // The same over IPv6 at AWS and GCP.
        IPNetwork.Parse("fd00:ec2::/32"),
        IPNetwork.Parse("fd20:ce::/32"),
        // Azure's own channel to its machines; Alibaba's metadata.
        IPNetwork.Parse("168.63.129.16/32"),
        IPNetwork.Parse("100.100.100.200/32"),
        // Link-local IPv4 behind NAT64.
        IPNetwork.Parse("64:ff9b::a9fe:0/112"),
    ];

    public static bool IsForbidden(IPAddress address)
    {
        var real = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Forbidden.Any(network => network.Contains(real));
    }

    /// <summary>Null when nothing speaks against the address as it is written; a name is looked at when it is resolved.</summary>
    public static NetworkFault? Check(TargetDefinition definition) =>
        IPAddress.TryParse(definition.Server.IdnHost.Trim('[', ']'), out var address) && IsForbidden(address) ? Fault(definition.Address) : null;

    /// <summary>Dials, after the name was resolved, what may be dialled: a look before would see another answer of DNS.</summary>
    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken);
        if (addresses.Any(IsForbidden))
            throw new KnownFaultException(Fault($"{host}:{port}"));
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static NetworkFault Fault(string address) => new(
        NetworkStage.Refused, $"the connection's own address {address} is one at which this machine gets its identity in a cloud", "Name the cluster's address");
}
