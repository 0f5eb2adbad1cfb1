using Microsoft.AspNetCore.Http.Features;
using Planton.Api.Operations;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Kubernetes;

/// <summary>What follows <c>/kubernetes/{org}/{connection}</c> in a request, byte for byte.</summary>
internal static class KubernetesPath
{
    // "/kubernetes/{org}/{connection}": the fourth slash begins the target's own path.
    private const int SlashesBefore = 4;

    /// <summary>
    /// The request's path and query for the target, as the client wrote them: percent-encodings, double slashes and dots are the
    /// target's to interpret. Null when the request line is not a path.
    /// </summary>
    public static string? TargetOf(HttpContext context)
    {
        var raw = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        if (raw.Length == 0 || raw[0] != '/' || raw.Contains('#', StringComparison.Ordinal))
            return null;
        var end = raw.IndexOf('?', StringComparison.Ordinal);
        var (path, query) = end < 0 ? (raw, "") : (raw[..end], raw[end..]);
        var at = -1;
        for (var slash = 0; slash < SlashesBefore; slash++)
        {
            at = path.IndexOf('/', at + 1);
            if (at < 0)
                return slash == SlashesBefore - 1 ? "/" + query : null;
        }

        return path[at..] + query;
    }

    /// <summary>The URI of that path in the tunnel.</summary>
    public static Uri InTunnel(string target) => new(
        $"http://{TunnelProtocol.Authority}{OperationHeaders.KubernetesPath}{target}",
        new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
}
