using System.Net;

namespace Planton.Runner.Providers.Kubernetes.Inline;

/// <summary>The only addresses that a connection with its own kubeconfig may lead to, where the control plane has limited them.</summary>
internal sealed class AddressRanges
{
    // More than a control plane grants to one organization.
    private const int MaxRanges = 1024;

    private readonly IPNetwork[] _networks;

    private AddressRanges(IPNetwork[] networks) => _networks = networks;

    /// <summary>Null when it is not a list of networks (<c>10.20.0.0/16,fd12::/32</c>), or is empty.</summary>
    public static AddressRanges? Parse(string text)
    {
        var parts = text.Split(',', MaxRanges + 1);
        var networks = new IPNetwork[parts.Length];
        for (var at = 0; at < parts.Length; at++)
        {
            if (!IPNetwork.TryParse(parts[at], out networks[at]))
                return null;
        }

        return parts.Length > MaxRanges ? null : new AddressRanges(networks);
    }

    public bool Contains(IPAddress address)
    {
        var real = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        // This machine itself is in no range that does not mean it: 0.0.0.0/0 is the network's addresses, not the runner's loopback.
        if (real.Equals(IPAddress.Any) || real.Equals(IPAddress.IPv6Any))
            return false;
        var networks = IPAddress.IsLoopback(real) ? _networks.Where(network => IPAddress.IsLoopback(network.BaseAddress)) : _networks;
        return networks.Any(network => network.Contains(real));
    }
}
