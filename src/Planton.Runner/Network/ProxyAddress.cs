using System.Net;

namespace Planton.Runner.Network;

/// <summary>One proxy: where it is, and who we are to it. Printing it prints no password.</summary>
internal sealed record ProxyAddress(Uri Uri, NetworkCredential? Credential)
{
    /// <summary>Reads <c>[scheme://][user:password@]host[:port]</c>; null when it is not of that form.</summary>
    public static ProxyAddress? Parse(string text)
    {
        if (!text.Contains("://", StringComparison.Ordinal))
            text = "http://" + text;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0
            || uri.Scheme is not ("http" or "https" or "socks4" or "socks4a" or "socks5"))
            return null;
        if (uri.UserInfo.Length == 0)
            return new ProxyAddress(uri, null);
        var parts = uri.UserInfo.Split(':', 2);
        var credential = new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
        return new ProxyAddress(new UriBuilder(uri) { UserName = "", Password = "" }.Uri, credential);
    }

    public override string ToString() => $"{Uri.Scheme}://{Uri.Authority}";
}
