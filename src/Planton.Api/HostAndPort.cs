using System.Globalization;

namespace Planton.Api;

/// <summary>A host name or address with a port: <c>host:443</c>, <c>10.0.0.1:443</c>, <c>[::1]:443</c>.</summary>
/// <param name="Host">Without brackets.</param>
/// <param name="Port">0 to 65535; 0 asks a listener for a free one.</param>
public readonly record struct HostAndPort(string Host, int Port)
{
    /// <summary>Reads <paramref name="text"/>; false when it is not of the form.</summary>
    public static bool TryParse(string? text, out HostAndPort value)
    {
        value = default;
        var colon = text?.LastIndexOf(':') ?? -1;
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > 65535)
            return false;
        var host = text![..colon];
        var bracketed = host is ['[', .., ']'];
        if (bracketed)
            host = host[1..^1];
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown || (host.Contains(':', StringComparison.Ordinal) && !bracketed))
            return false;
        value = new HostAndPort(host, port);
        return true;
    }

    /// <summary>The form that <see cref="TryParse"/> reads.</summary>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
