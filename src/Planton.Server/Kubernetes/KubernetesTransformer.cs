using Planton.Server.Routing;
using Yarp.ReverseProxy.Forwarder;

namespace Planton.Server.Kubernetes;

/// <summary>What changes on the way between a client and a tunnel; everything else passes as it is.</summary>
internal sealed class KubernetesTransformer(Operation operation, Uri target) : HttpTransformer
{
    /// <summary>The error that the runner answered instead of the target, if it did.</summary>
    public RunnerAnswer? Error { get; private set; }

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
        if (RunnerAnswer.Read(proxyResponse) is { } error)
        {
            Error = error;
            return false;
        }

        RunnerAnswer.RemoveOurs(proxyResponse);
        await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken).ConfigureAwait(false);
        if (IsStream(httpContext, proxyResponse))
        {
            // A watch answers its headers at once and its first event perhaps in an hour: the client waits for the former.
            await httpContext.Response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>The user's own credentials end here; the runner adds the target's.</summary>
    public void Prepare(HttpRequestMessage request)
    {
        request.RequestUri = target;
        request.Headers.Host = null;
        request.Headers.Remove("Authorization");
        request.Headers.Remove("Cookie");
        operation.WriteHeaders(request);
    }

    private static bool IsStream(HttpContext context, HttpResponseMessage response) =>
        response.Content.Headers.ContentLength is null
        && (int)response.StatusCode is >= 200 and not 204 and not 304
        && !HttpMethods.IsHead(context.Request.Method);
}
