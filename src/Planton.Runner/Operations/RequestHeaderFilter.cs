using System.Collections.Frozen;
using Planton.Api.Operations;

namespace Planton.Runner.Operations;

/// <summary>Which headers of an operation's request do not go on to the target.</summary>
internal static class RequestHeaderFilter
{
    private static readonly FrozenSet<string> Removed = FrozenSet.ToFrozenSet(
        [
            // The user's own credentials are for the control plane; the target gets the runner's.
            "Authorization", "Cookie",
            // These end at each hop (RFC 9110, 7.6.1).
            "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer",
            "Transfer-Encoding", "Upgrade", "HTTP2-Settings",
            "Host",
        ],
        StringComparer.OrdinalIgnoreCase);

    public static bool Removes(string name) =>
        name.StartsWith(':')
        || IsClaim(name)
        || Removed.Contains(name);

    /// <summary>
    /// Ours, and what a proxy says of where a request comes from. Nobody on the way here says the latter, so that it can only
    /// be the client's own invention; a Kubernetes API would write it into its audit log.
    /// </summary>
    public static bool IsClaim(string name) =>
        name.StartsWith(OperationHeaders.Prefix, StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Forwarded", StringComparison.OrdinalIgnoreCase)
        || name.Equals("X-Real-IP", StringComparison.OrdinalIgnoreCase);

    /// <summary>Copies what may go on, for requests that are built by hand.</summary>
    public static void Copy(IHeaderDictionary from, HttpRequestMessage to)
    {
        foreach (var (name, values) in from)
        {
            if (!Removes(name))
                to.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        WebSocketBearer.Remove(to);
    }
}
