using System.Globalization;
using System.Net;

namespace Planton.Runner.Network;

/// <summary>
/// NO_PROXY as the tools around Kubernetes read it: names, suffixes (<c>.svc</c> or <c>svc</c>), addresses, networks
/// (<c>10.0.0.0/8</c>), an optional port, or <c>*</c>. The framework's own reading knows no networks. Loopback never goes
/// through a proxy.
/// </summary>
internal sealed class NoProxyRules
{
    private readonly List<Rule> _rules = [];
    private readonly bool _everything;

    public NoProxyRules(string? text)
    {
        foreach (var entry in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (entry == "*")
                _everything = true;
            else
                _rules.Add(Rule.Parse(entry));
        }
    }

    public bool Covers(string host, int port)
    {
        host = host.Trim('[', ']').TrimEnd('.');
        var isAddress = IPAddress.TryParse(host, out var address);
        return _everything
            || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (isAddress && IPAddress.IsLoopback(address!))
            || _rules.Any(rule => rule.Covers(host, address, port));
    }

    private sealed record Rule(string Host, IPNetwork? Network, int? Port)
    {
        public static Rule Parse(string entry)
        {
            if (IPNetwork.TryParse(entry, out var network))
                return new Rule("", network, null);
            var port = default(int?);
            var colon = entry.LastIndexOf(':');
            var bracketed = entry.StartsWith('[');
            if (colon > 0 && (bracketed ? entry[colon - 1] == ']' : entry.IndexOf(':', StringComparison.Ordinal) == colon)
                && int.TryParse(entry.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                port = number;
                entry = entry[..colon];
            }

            entry = entry.Trim('[', ']');
            return IPAddress.TryParse(entry, out var address)
                ? new Rule("", new IPNetwork(address, address.GetAddressBytes().Length * 8), port)
                : new Rule(entry.StartsWith("*.", StringComparison.Ordinal) ? entry[1..] : entry, null, port);
        }

        public bool Covers(string host, IPAddress? address, int port)
        {
            if (Port is { } only && only != port)
                return false;
            if (Network is { } network)
                return address is not null && network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
            if (address is not null)
                return false;
            return Host.StartsWith('.')
                ? host.EndsWith(Host, StringComparison.OrdinalIgnoreCase)
                : host.Equals(Host, StringComparison.OrdinalIgnoreCase)
                    || host.EndsWith("." + Host, StringComparison.OrdinalIgnoreCase);
        }
    }
}
