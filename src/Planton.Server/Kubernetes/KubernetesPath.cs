using Microsoft.AspNetCore.Http.Features;
using Planton.Api.Operations;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Kubernetes;

/// <summary>What follows <c>/kubernetes/{org}/{connection}</c> in a request, byte for byte.</summary>
internal static class KubernetesPath
{
    /// <summary>Below it are the connections.</summary>
    public const string Root = "/kubernetes";

    // "/kubernetes/{org}/{connection}": the fourth slash begins the target's own path.
    private const int SlashesBefore = 4;

    /// <summary>
    /// The request's path and query for the target, as the client wrote them: percent-encodings, double slashes and dots are the
    /// target's to interpret. Null when the request line is not such a path, or one that could not be sent on as it is.
    /// </summary>
    public static string? TargetOf(HttpContext context) => Split(context)?.Target;

    /// <summary>The part of the request's path that names the connection, as the client wrote it. Only where there is a target.</summary>
    public static string PrefixOf(HttpContext context) => Split(context)!.Value.Prefix;

    /// <summary>The URI of that path in the tunnel.</summary>
    public static Uri InTunnel(string target) => new(
        $"http://{TunnelProtocol.Authority}{OperationHeaders.KubernetesPath}{target}",
        new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    private static (string Prefix, string Target)? Split(HttpContext context)
    {
        var raw = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        if (raw.Length == 0 || raw[0] != '/' || raw.Any(character => character is <= ' ' or >= (char)127 or '#'))
            return null;
        var end = raw.IndexOf('?', StringComparison.Ordinal);
        var (path, query) = end < 0 ? (raw, "") : (raw[..end], raw[end..]);
        var at = -1;
        for (var slash = 0; slash < SlashesBefore; slash++)
        {
            at = path.IndexOf('/', at + 1);
            if (at < 0 && slash < SlashesBefore - 1)
                return null;
        }

        var (prefix, rest) = at < 0 ? (path, "/") : (path[..at], path[at..]);
        return NamesTheSame(prefix, context.Request.Path) ? (prefix, rest + query) : null;
    }

    // The listener resolves dots before the path is routed: with them, it may lead to another connection than the one that is written.
    private static bool NamesTheSame(string prefix, PathString routed)
    {
        var written = prefix.Split('/');
        var decoded = (routed.Value ?? "").Split('/');
        return decoded.Length >= written.Length && written.Zip(decoded).All(pair => Uri.UnescapeDataString(pair.First) == pair.Second);
    }
}
