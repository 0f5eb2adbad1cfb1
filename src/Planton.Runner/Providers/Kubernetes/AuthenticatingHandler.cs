using System.Net;
using Planton.Runner.Network;
using Planton.Runner.Providers.Kubernetes.Authentication;

namespace Planton.Runner.Providers.Kubernetes;

/// <summary>
/// Adds the target's credential at the very last hop. When the target answers 401 it asks for a new one, and sends a request
/// that had no body once more; one with a body has been consumed, so its 401 goes back to the client.
/// </summary>
internal sealed class AuthenticatingHandler(ITargetAuthenticator authenticator, string? hostHeader, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var credential = await CredentialAsync(cancellationToken);
        // The TLS server name (SNI) follows the Host header: it is the only way to set it that also works through a proxy.
        if (hostHeader is not null)
            request.Headers.Host = hostHeader;
        request.Headers.Authorization = credential.Authorization;
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
            return response;
        authenticator.Reject(credential);
        if (request.Content is not null)
            return response;
        var fresh = await authenticator.GetAsync(cancellationToken);
        if (fresh.Value is null || Equals(fresh.Value.Authorization, credential.Authorization))
            return response;
        response.Dispose();
        request.Headers.Authorization = fresh.Value.Authorization;
        return await base.SendAsync(request, cancellationToken);
    }

    private async ValueTask<TargetCredential> CredentialAsync(CancellationToken cancellationToken)
    {
        var credential = await authenticator.GetAsync(cancellationToken);
        return credential.Fault is { } fault ? throw new KnownFaultException(fault) : credential.Value!;
    }
}
