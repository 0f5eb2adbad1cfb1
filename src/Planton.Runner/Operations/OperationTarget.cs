using Planton.Api.Errors;
using Planton.Api.Operations;

namespace Planton.Runner.Operations;

/// <summary>
/// Makes the target's address from the request line as it arrived: path and query go on byte for byte, with their escapes,
/// double slashes and dots, because the target and nobody in between decides what they mean.
/// </summary>
internal static class OperationTarget
{
    private const string Prefix = OperationHeaders.KubernetesPath;
    private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>Whether a request line is of an operation on Kubernetes.</summary>
    public static bool IsKubernetes(string rawTarget) =>
        rawTarget.StartsWith(Prefix, StringComparison.Ordinal)
        && (rawTarget.Length == Prefix.Length || rawTarget[Prefix.Length] is '/' or '?');

    /// <summary>The address at <paramref name="server"/>; null when the request line cannot be sent on as it is.</summary>
    public static Uri? Build(Uri server, string rawTarget, out OperationRefusal? refusal)
    {
        var rest = rawTarget[Prefix.Length..];
        refusal = Check(server, rest);
        if (refusal is not null)
            return null;
        var root = server.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
        var slash = rest.StartsWith('/') ? "" : "/";
        if (Uri.TryCreate(root + Folder(server) + slash + rest, in AsItIs, out var address))
            return address;
        refusal = Invalid("the path cannot be sent to the target");
        return null;
    }

    private static OperationRefusal? Check(Uri server, string rest)
    {
        if (rest.Any(c => c is <= ' ' or >= (char)127 or '#'))
            return Invalid("the path has characters that must be percent-encoded");
        // Below a shared address (https://host/clusters/one) dots could climb to a neighbour with this runner's credentials.
        var climbs = Folder(server).Length > 0
            && rest.Split('?')[0].Split('/', '\\').Any(s => Uri.UnescapeDataString(s).Split('/', '\\').Any(p => p is "." or ".."));
        return climbs
            ? new OperationRefusal(ErrorCode.RefusedByRunner, "the path has '.' or '..' segments, which could leave the cluster's own part of a shared address")
            : null;
    }

    private static string Folder(Uri server) => server.AbsolutePath.TrimEnd('/');

    private static OperationRefusal Invalid(string detail) => new(ErrorCode.InvalidArgument, detail);
}
