using System.Collections.Frozen;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;

namespace Planton.Tunnel.Upgrades;

/// <summary>Headers that end at each hop (RFC 9110, section 7.6.1), and so are never copied.</summary>
internal static class HopByHop
{
    private static readonly FrozenSet<string> Names = FrozenSet.ToFrozenSet(
        ["Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Upgrade"],
        StringComparer.OrdinalIgnoreCase);

    public static bool Contains(string name) => Names.Contains(name);

    /// <summary>Copies an answer's status and headers, except those of this hop.</summary>
    public static void CopyTo(HttpResponseMessage from, HttpResponse to, bool withContentHeaders)
    {
        to.StatusCode = (int)from.StatusCode;
        Copy(from.Headers.NonValidated, to);
        if (withContentHeaders)
            Copy(from.Content.Headers.NonValidated, to);
    }

    private static void Copy(HttpHeadersNonValidated from, HttpResponse to)
    {
        foreach (var (name, values) in from.Where(h => !Contains(h.Key)))
            to.Headers.Append(name, values.ToArray());
    }
}
