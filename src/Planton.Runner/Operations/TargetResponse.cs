using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Runner.Providers.Kubernetes;
using Planton.Tunnel.Protocol;

namespace Planton.Runner.Operations;

/// <summary>
/// Makes a target's response fit for the tunnel, or says why it is not. What does not fit would break the tunnel, and with it everybody's
/// operations; a redirect that names the target's own host is turned into a path, for only the runner knows that host.
/// </summary>
/// <param name="target">The target.</param>
/// <param name="address">What it was asked for.</param>
/// <param name="upgrade">Whether it was asked to switch protocols.</param>
internal sealed class TargetResponse(TargetDefinition target, Uri address, bool upgrade = false)
{
    private const string Location = "Location";

    /// <summary>Why the response is not passed on; null when it is.</summary>
    public OperationRefusal? Refusal { get; private set; }

    /// <summary>Changes the response where it must be. False: nothing of it may be passed on.</summary>
    public bool Accept(HttpResponseMessage response)
    {
        if (ResponseHead.Fault(response, upgrade) is { } fault)
            Refusal = Refuse(fault);
        else if (!TakeLocation(response) && (int)response.StatusCode is >= 300 and < 400)
            Refusal = Refuse("it redirects to another host, or not in a way that every client reads alike");
        return Refusal is null;
    }

    /// <summary>False: the trailers must not be passed on, and the response has to break off.</summary>
    public bool AcceptTrailers(HttpResponseMessage response)
    {
        if (ResponseHead.TrailerFault(response) is { } fault)
            Refusal = Refuse(fault);
        return Refusal is null;
    }

    public static OperationRefusal Refuse(string fault) =>
        new(ErrorCode.TargetResponseInvalid, $"the target answered, and its response cannot be passed on: {fault}") { AtTarget = true };

    // False when there was one that cannot be told as a path below the connection; it is removed.
    private bool TakeLocation(HttpResponseMessage response)
    {
        if (!response.Headers.NonValidated.TryGetValues(Location, out var values))
            return true;
        var path = values.Count == 1 ? RedirectLocation.Resolve(values.ToString(), address.PathAndQuery, IsTarget) : null;
        response.Headers.Remove(Location);
        return WithoutFolder(path) is { } below && response.Headers.TryAddWithoutValidation(Location, below);
    }

    // A cluster below a folder of a shared address: what is beside the folder is not the cluster's.
    private string? WithoutFolder(string? path)
    {
        var folder = target.Server.AbsolutePath.TrimEnd('/');
        if (path is null || folder.Length == 0)
            return path;
        if (!path.StartsWith(folder, StringComparison.Ordinal))
            return null;
        var rest = path[folder.Length..];
        return rest switch
        {
            ['/', ..] => rest,
            "" or ['?' or '#', ..] => "/" + rest,
            _ => null,
        };
    }

    private bool IsTarget(string? scheme, string host) =>
        (scheme ?? target.Server.Scheme).Equals(target.Server.Scheme, StringComparison.OrdinalIgnoreCase)
        && Hosts().Contains(host, StringComparer.OrdinalIgnoreCase);

    private IEnumerable<string> Hosts()
    {
        foreach (var name in new[] { target.Server.Host, target.TlsServerName }.OfType<string>())
        {
            yield return $"{name}:{target.Server.Port}";
            if (target.Server.IsDefaultPort)
                yield return name;
        }
    }
}
