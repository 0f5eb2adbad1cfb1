using System.Net;
using System.Net.Sockets;
using Planton.Runner.Network;

namespace Planton.Runner.Providers.Kubernetes.Inline;

/// <summary>
/// Where a connection that brings its own address may not lead: to what gives this machine its identity in a cloud, where a request
/// would hand the runner's own role to whoever may make connections; and out of the ranges that the control plane allows, if it
/// names any.
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
    public static NetworkFault? Check(TargetDefinition definition, AddressRanges? ranges)
    {
        if (ranges is not null && definition.ProxyUrl is not null)
        {
            return new NetworkFault(
                NetworkStage.Refused, "the connection's own kubeconfig names a proxy-url, and within granted address ranges a cluster is dialled directly",
                "Make the connection without it");
        }

        if (!IPAddress.TryParse(definition.Server.IdnHost.Trim('[', ']'), out var address))
            return null;
        return IsForbidden(address) ? Fault(definition.Address) : ranges?.Contains(address) == false ? OutOfRange(definition.Address) : null;
    }

    /// <summary>Dials, after the name was resolved, what may be dialled: a look before would see another answer of DNS.</summary>
    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, AddressRanges? ranges, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken);
        if (addresses.Any(IsForbidden))
            throw new KnownFaultException(Fault($"{host}:{port}"));
        // Of several addresses only those are dialled that are allowed. Which one a name leads to is not said.
        if (ranges is not null)
            addresses = Array.FindAll(addresses, ranges.Contains);
        if (addresses.Length == 0)
            throw new KnownFaultException(OutOfRange($"{host}:{port}"));
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

    private static NetworkFault OutOfRange(string address) => new(
        NetworkStage.Refused, $"the connection's own address {address} is in no address range that this runner is granted for",
        "A platform operator grants ranges: planton runner grant NAME --to-org ORG --mode inline --allow-cidr CIDR");

    private static NetworkFault Fault(string address) => new(
        NetworkStage.Refused, $"the connection's own address {address} is one at which this machine gets its identity in a cloud", "Name the cluster's address");
}
