using System.Net;

namespace Planton.Runner.Network;

/// <summary>One proxy for everything: what a kubeconfig's <c>proxy-url</c> means, NO_PROXY or not.</summary>
internal sealed class SingleProxy(ProxyAddress address) : IWebProxy
{
    public ICredentials? Credentials { get; set; } = address.Credential;

    public Uri? GetProxy(Uri destination) => address.Uri;

    public bool IsBypassed(Uri host) => false;
}
