using System.Collections.Frozen;
using System.Net.Http.Headers;

namespace Planton.Server.Kubernetes;

/// <summary>
/// Headers of a target's response that reach beyond that response: they would act on the control plane's own origin (its cookies, stored
/// data, other pages, transport), lead a client with its key elsewhere, or ask it for credentials.
/// </summary>
internal static class OriginHeaders
{
    private static readonly FrozenSet<string> Names = FrozenSet.ToFrozenSet(
        [
            // Kept by a browser for the whole origin.
            "Set-Cookie", "Set-Cookie2", "Clear-Site-Data", "Strict-Transport-Security", "Alt-Svc", "Public-Key-Pins", "Public-Key-Pins-Report-Only",
            "Expect-CT", "NEL", "Report-To", "Reporting-Endpoints", "Accept-CH", "Critical-CH", "Use-As-Dictionary", "Set-Login", "Origin-Agent-Cluster",
            "Secure-Session-Registration", "Sec-Session-Registration",
            // Give pages and scripts of others, or of this response, a part in the origin.
            "Service-Worker-Allowed", "Timing-Allow-Origin", "Cross-Origin-Resource-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Embedder-Policy",
            "Content-Security-Policy", "Content-Security-Policy-Report-Only", "X-Content-Type-Options", "X-Permitted-Cross-Domain-Policies",
            // Lead a client elsewhere. Location is not among them: it is rewritten.
            "Refresh", "Link", "Content-Location", "Speculation-Rules", "SourceMap", "X-SourceMap",
            // Ask for credentials: those for the control plane would be given.
            "WWW-Authenticate", "Authentication-Info", "Proxy-Authenticate", "Proxy-Authentication-Info",
        ],
        StringComparer.OrdinalIgnoreCase);

    public static bool Contains(string name) => Names.Contains(name) || name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase);

    public static void Remove(HttpHeaders headers)
    {
        foreach (var name in headers.NonValidated.Select(header => header.Key).Where(Contains).ToList())
            headers.Remove(name);
    }
}
