using Microsoft.AspNetCore.Http.Features;
using Planton.Api.Operations;
using Yarp.ReverseProxy.Forwarder;

namespace Planton.Runner.Operations;

/// <summary>What changes on the way to a target and back: the address, and headers that are not the other side's business.</summary>
internal sealed class OperationTransformer(Uri address, TargetResponse target, OperationTiming timing) : HttpTransformer
{
    /// <summary>Takes our headers out of an answer: a target that could set them would speak in the runner's name.</summary>
    public static void RemoveOurs(IHeaderDictionary headers)
    {
        foreach (var name in headers.Keys.Where(n => n.StartsWith(OperationHeaders.Prefix, StringComparison.OrdinalIgnoreCase)).ToArray())
            headers.Remove(name);
    }

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.RequestUri = address;
        // Null lets the address decide.
        proxyRequest.Headers.Host = null;
        proxyRequest.Headers.Authorization = null;
        proxyRequest.Headers.Remove("Cookie");
        proxyRequest.Headers.Remove("Trailer");
        WebSocketBearer.Remove(proxyRequest);
        foreach (var name in httpContext.Request.Headers.Keys.Where(RequestHeaderFilter.IsClaim))
        {
            if (!proxyRequest.Headers.Remove(name))
                proxyRequest.Content?.Headers.Remove(name);
        }
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is not null && !target.Accept(proxyResponse))
            return false;
        var copyBody = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        RemoveOurs(httpContext.Response.Headers);
        timing.Write(httpContext.Response.Headers);
        if (proxyResponse is not null && IsOpenEnded(httpContext, proxyResponse))
        {
            // A watch may be silent for minutes: its client must see that it began. The body's first byte would be too late.
            httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            await httpContext.Response.StartAsync(cancellationToken);
            await httpContext.Response.Body.FlushAsync(cancellationToken);
        }

        return copyBody;
    }

    public override async ValueTask TransformResponseTrailersAsync(
        HttpContext httpContext, HttpResponseMessage proxyResponse, CancellationToken cancellationToken)
    {
        if (!target.AcceptTrailers(proxyResponse))
        {
            // Without them it would look like a whole response that had none.
            httpContext.Abort();
            return;
        }

        await base.TransformResponseTrailersAsync(httpContext, proxyResponse, cancellationToken);
        if (httpContext.Features.Get<IHttpResponseTrailersFeature>()?.Trailers is { IsReadOnly: false } trailers)
            RemoveOurs(trailers);
    }

    private static bool IsOpenEnded(HttpContext context, HttpResponseMessage response) =>
        (int)response.StatusCode is >= 200 and not (204 or 205 or 304)
        && response.Content.Headers.ContentLength is null
        && !HttpMethods.IsHead(context.Request.Method)
        && !HttpMethods.IsConnect(context.Request.Method);
}
