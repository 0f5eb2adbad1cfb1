using System.Net;
using System.Net.Sockets;

namespace Planton.Runner.Providers.Kubernetes.Inline;

/// <summary>
/// Where a machine, task or pod gets its identity in a cloud: the addresses, the names that clouds give them, and the forms in
/// which IPv6 carries an IPv4 address.
/// </summary>
internal static class MetadataAddresses
{
    private static readonly IPNetwork[] Networks =
    [
        // All of link-local: the service of nearly every cloud, and those for tasks and pods at AWS and for instances at Scaleway.
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("fe80::/10"),
        // Over IPv6 at AWS (with pods of EKS), GCP, Oracle and Scaleway.
        IPNetwork.Parse("fd00:ec2::/32"),
        IPNetwork.Parse("fd20:ce::/32"),
        IPNetwork.Parse("fd00:c1::/32"),
        IPNetwork.Parse("fd00:42::/32"),
        // Azure's channel to its machines; Alibaba; Oracle's older service.
        IPNetwork.Parse("168.63.129.16/32"),
        IPNetwork.Parse("100.100.100.200/32"),
        IPNetwork.Parse("192.0.0.192/32"),
    ];

    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "metadata", "metadata.google.internal", "metadata.goog", "instance-data", "instance-data.ec2.internal",
        "metadata.azure.internal", "metadata.azure.com", "metadata.oraclecloud.com", "metadata.tencentyun.com",
        "api.metadata.cloud.ibm.com", "metadata.platformequinix.com", "metadata.packet.net", "rancher-metadata",
    };

    // Prefixes after which an IPv4 address stands in the last four bytes: compatible, mapped, translated (SIIT), NAT64.
    private static readonly IPNetwork[] InLastBytes =
    [
        IPNetwork.Parse("::/96"), IPNetwork.Parse("::ffff:0:0/96"), IPNetwork.Parse("::ffff:0:0:0/96"), IPNetwork.Parse("64:ff9b::/96"),
    ];

    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Teredo = IPNetwork.Parse("2001::/32");
    private static readonly IPNetwork LocalNat64 = IPNetwork.Parse("64:ff9b:1::/48");

    public static bool Contains(IPAddress address) =>
        IsOne(address) || (address.AddressFamily == AddressFamily.InterNetworkV6 && Embedded(address).Any(IsOne));

    /// <summary>A host of a URL that is one of the names, or an address that is forbidden.</summary>
    public static bool Contains(string host)
    {
        host = host.Trim('[', ']').TrimEnd('.');
        return Names.Contains(host) || (IPAddress.TryParse(host, out var address) && Contains(address));
    }

    private static bool IsOne(IPAddress address) => Networks.Any(network => network.Contains(address));

    private static IEnumerable<IPAddress> Embedded(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        if (InLastBytes.Any(network => network.Contains(address)) || IsIsatap(bytes))
            yield return new IPAddress(bytes.AsSpan(12));
        if (SixToFour.Contains(address))
            yield return new IPAddress(bytes.AsSpan(2, 4));
        // The client's address is inverted there, the server's is not.
        if (Teredo.Contains(address))
        {
            yield return new IPAddress(bytes.AsSpan(4, 4));
            yield return new IPAddress([.. bytes[12..].Select(part => (byte)~part)]);
        }

        if (!LocalNat64.Contains(address))
            yield break;
        // How long the prefix is, its network decides (RFC 6052): each place that it allows is looked at. Byte 8 is skipped.
        yield return new IPAddress([bytes[6], bytes[7], bytes[9], bytes[10]]);
        yield return new IPAddress([bytes[7], bytes[9], bytes[10], bytes[11]]);
        yield return new IPAddress(bytes.AsSpan(9, 4));
        yield return new IPAddress(bytes.AsSpan(12));
    }

    private static bool IsIsatap(byte[] bytes) => bytes[8] is 0 or 2 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == 0xfe;
}
