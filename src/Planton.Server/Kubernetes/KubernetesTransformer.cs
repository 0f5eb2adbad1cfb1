using Planton.Api.Operations;
using Planton.Server.Errors;
using Planton.Server.Routing;
using Planton.Tunnel.Protocol;
using Yarp.ReverseProxy.Forwarder;

namespace Planton.Server.Kubernetes;

/// <summary>What changes on the way between a client and a tunnel; everything else passes as it is.</summary>
/// <param name="operation">The operation.</param>
/// <param name="target">The path and query for the target.</param>
/// <param name="prefix">What goes in front of a path of the target, so that the client finds it: a redirect leads there.</param>
internal sealed class KubernetesTransformer(Operation operation, string target, string prefix) : HttpTransformer
{
    private const string Location = "Location";

    /// <summary>Why the answer is not the target's, or is not passed on; null when it is.</summary>
    public Error? Error { get; private set; }

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken).ConfigureAwait(false);
        Prepare(proxyRequest);
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null)
            return true;
        if (!Accept(proxyResponse))
            return false;
        await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken).ConfigureAwait(false);
        if (IsStream(httpContext, proxyResponse))
        {
            // A watch answers its headers at once and its first event perhaps in an hour: the client waits for the former.
            await httpContext.Response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    public override async ValueTask TransformResponseTrailersAsync(
        HttpContext httpContext, HttpResponseMessage proxyResponse, CancellationToken cancellationToken)
    {
        RunnerAnswer.RemoveOurs(proxyResponse.TrailingHeaders);
        OriginHeaders.Remove(proxyResponse.TrailingHeaders);
        proxyResponse.TrailingHeaders.Remove(Location);
        if (ResponseHead.TrailerFault(proxyResponse) is { } fault)
            Error = Invalid(fault);
        else
            await base.TransformResponseTrailersAsync(httpContext, proxyResponse, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The user's own credentials end here; the runner adds the target's.</summary>
    public void Prepare(HttpRequestMessage request)
    {
        request.RequestUri = KubernetesPath.InTunnel(target);
        request.Headers.Host = null;
        request.Headers.Remove("Authorization");
        request.Headers.Remove("Cookie");
        WebSocketBearer.Remove(request);
        operation.WriteHeaders(request);
    }

    /// <summary>Takes out of a response what is not for the client. False, with <see cref="Error"/>: nothing of it is.</summary>
    public bool Accept(HttpResponseMessage response)
    {
        if (RunnerAnswer.Read(response) is { } answer)
            Error = answer.ToError(operation.Route.Runner.Name);
        else if (ResponseHead.Fault(response, toUpgrade: false) is { } fault)
            Error = Invalid(fault);
        else if (!TakeLocation(response) && (int)response.StatusCode is >= 300 and < 400)
            Error = Invalid("it redirects to another host, or not in a way that every client reads alike");
        RunnerAnswer.RemoveOurs(response.Headers);
        OriginHeaders.Remove(response.Headers);
        OriginHeaders.Remove(response.Content.Headers);
        return Error is null;
    }

    // A client repeats its key where it is led to: only below the connection that it asked. Whatever is still absolute leads elsewhere;
    // the runner has made a path of what names the target's own host.
    private bool TakeLocation(HttpResponseMessage response)
    {
        if (!response.Headers.NonValidated.TryGetValues(Location, out var values))
            return true;
        var path = values.Count == 1 ? RedirectLocation.Resolve(values.ToString(), target, (_, _) => false) : null;
        response.Headers.Remove(Location);
        return path is not null && response.Headers.TryAddWithoutValidation(Location, prefix + path);
    }

    private Error Invalid(string fault) => RunnerAnswer.Invalid(operation.Route.Runner.Name, fault);

    private static bool IsStream(HttpContext context, HttpResponseMessage response) =>
        response.Content.Headers.ContentLength is null
        && (int)response.StatusCode is >= 200 and not 204 and not 304
        && !HttpMethods.IsHead(context.Request.Method);
}
