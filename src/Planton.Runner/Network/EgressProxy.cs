using System.Net;
using Planton.Runner.Logging;
using Planton.Runner.Startup;

namespace Planton.Runner.Network;

/// <summary>
/// The way out of the network that the environment prescribes: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY (upper case first) and
/// NO_PROXY. One instance serves the tunnel, the control plane and the targets.
/// </summary>
internal sealed class EgressProxy : IWebProxy, ICredentials
{
    private readonly ProxyAddress? _https;
    private readonly ProxyAddress? _http;
    private readonly NoProxyRules _direct;

    private EgressProxy(ProxyAddress? https, ProxyAddress? http, NoProxyRules direct) => (_https, _http, _direct) = (https, http, direct);

    public ICredentials? Credentials
    {
        get => this;
        set => throw new NotSupportedException("the credentials come from the proxy's URL");
    }

    public static Attempt<EgressProxy> FromEnvironment(Func<string, string?> environment, SecretMasker masker)
    {
        var faults = new List<string>();
        var all = Read("ALL_PROXY");
        var proxy = new EgressProxy(Read("HTTPS_PROXY") ?? all, Read("HTTP_PROXY") ?? all, new NoProxyRules(Get("NO_PROXY")));
        return faults.Count == 0 ? proxy : StartFailure.Configuration(StartStep.Settings, string.Join("; ", faults));

        string? Get(string name) => environment(name) is { Length: > 0 } value ? value : environment(name.ToLowerInvariant());

        ProxyAddress? Read(string name)
        {
            if (Get(name) is not { Length: > 0 } text)
                return null;
            var address = ProxyAddress.Parse(text);
            masker.Add(address?.Credential?.Password);
            // The value is not repeated: it may hold a password.
            if (address is null)
                faults.Add($"{name} is not the URL of a proxy (http://host:port)");
            return address;
        }
    }

    public Uri? GetProxy(Uri destination) => For(destination)?.Uri;

    public bool IsBypassed(Uri host) => For(host) is null;

    /// <summary>The proxy to a destination; null when it is dialled directly.</summary>
    public ProxyAddress? For(Uri destination) =>
        _direct.Covers(destination.IdnHost, destination.Port) ? null
        : destination.Scheme is "https" or "wss" ? _https
        : _http;

    NetworkCredential? ICredentials.GetCredential(Uri uri, string authType) =>
        new[] { _https, _http }.FirstOrDefault(p => p is not null && p.Uri.Authority == uri.Authority)?.Credential;
}
