using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Planton.Tunnel.Protocol;

namespace Planton.Tunnel.Upgrades;

/// <summary>
/// Carries a connection that switches protocols (Kubernetes' SPDY/3.1, WebSocket) through the tunnel, which is HTTP/2: as an
/// extended CONNECT (RFC 8441) whose <c>:protocol</c> is the upgrade's, spliced byte for byte to an HTTP/1.1 upgrade at the
/// target, and at the client to an HTTP/1.1 upgrade or, of a WebSocket, to the client's own extended CONNECT.
/// </summary>
public static class UpgradeForwarder
{
    private const int MaxProtocolLength = 64;
    private const int WebSocketKeyBytes = 16;

    /// <summary>Gateway side: whether the request wants to switch protocols.</summary>
    public static bool IsUpgrade(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ProtocolOf(context) is { Length: > 0 and <= MaxProtocolLength };
    }

    /// <summary>Runner side: whether the request wants to switch protocols.</summary>
    public static bool IsTunnelledUpgrade(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Connect(context) is { Protocol: not null };
    }

    /// <summary>Runner side: the method that the client used, which the target must see again. Null when it is missing or not GET or POST.</summary>
    public static HttpMethod? TunnelledMethod(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Request.Headers[TunnelProtocol.UpgradeMethodHeader].ToString() switch
        {
            "GET" => HttpMethod.Get,
            "POST" => HttpMethod.Post,
            _ => null,
        };
    }

    /// <summary>
    /// Gateway side: sends <paramref name="request"/>, whose URI and headers are set, as an extended CONNECT, and joins the
    /// client to it when the target has switched protocols; else passes its answer on. <paramref name="accept"/> sees and may change
    /// either before anything of it is written; where it returns false nothing is written at all.
    /// </summary>
    /// <exception cref="HttpRequestException">No answer came; nothing has been written to the client.</exception>
    public static async Task ForwardToTunnelAsync(
        HttpContext context, HttpMessageInvoker tunnel, HttpRequestMessage request, Func<HttpResponseMessage, bool> accept, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(tunnel);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(accept);
        var protocol = ProtocolOf(context) ?? throw new ArgumentException("the request is no upgrade", nameof(context));
        var connect = Connect(context);
        request.Headers.TryAddWithoutValidation(TunnelProtocol.UpgradeMethodHeader, connect is null ? context.Request.Method : HttpMethods.Get);
        // Over HTTP/2 a WebSocket has no key; the target, which speaks HTTP/1.1, wants one.
        if (connect is not null)
            request.Headers.TryAddWithoutValidation(HeaderNames.SecWebSocketKey, Convert.ToBase64String(RandomNumberGenerator.GetBytes(WebSocketKeyBytes)));
        request.Method = HttpMethod.Connect;
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        request.Headers.Protocol = protocol;
        using var response = await tunnel.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (!accept(response))
            return;
        if (response.StatusCode != HttpStatusCode.OK)
        {
            await PassOnAsync(context, response, cancellationToken).ConfigureAwait(false);
            return;
        }

        HopByHop.CopyTo(response, context.Response, withContentHeaders: false);
        using var remote = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var client = connect is null
            ? await SwitchAsync(context, protocol).ConfigureAwait(false)
            : await AcceptAsync(context, connect).ConfigureAwait(false);
        await Splice.RunAsync(client, remote, cancellationToken).ConfigureAwait(false);
    }

    private static string? ProtocolOf(HttpContext context)
    {
        if (Connect(context) is { } connect)
            return connect.Protocol;
        return context.Features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest == true && context.Request.Headers.Upgrade is [var protocol] ? protocol : null;
    }

    private static IHttpExtendedConnectFeature? Connect(HttpContext context) =>
        context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect ? connect : null;

    private static async Task<Stream> SwitchAsync(HttpContext context, string protocol)
    {
        context.Response.Headers.Connection = "Upgrade";
        context.Response.Headers.Upgrade = protocol;
        return await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync().ConfigureAwait(false);
    }

    private static async Task<Stream> AcceptAsync(HttpContext context, IHttpExtendedConnectFeature connect)
    {
        context.Response.Headers.Remove(HeaderNames.SecWebSocketAccept);
        context.Response.StatusCode = StatusCodes.Status200OK;
        return await connect.AcceptAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Runner side: sends <paramref name="request"/>, whose method, URI and headers are set, to the target as an HTTP/1.1
    /// upgrade, and joins the tunnel to it when the target has switched protocols; else the target's answer is passed on.
    /// <paramref name="accept"/> sees and may change either before anything of it is written; where it returns false nothing is written.
    /// </summary>
    /// <exception cref="HttpRequestException">No answer came; nothing has been written to the tunnel.</exception>
    public static async Task ForwardToTargetAsync(
        HttpContext context, HttpMessageInvoker target, HttpRequestMessage request, Func<HttpResponseMessage, bool> accept, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(accept);
        var connect = context.Features.GetRequiredFeature<IHttpExtendedConnectFeature>();
        request.Version = HttpVersion.Version11;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
        request.Headers.TryAddWithoutValidation("Upgrade", connect.Protocol);
        using var response = await target.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (!accept(response))
            return;
        if (response.StatusCode != HttpStatusCode.SwitchingProtocols)
        {
            await PassOnAsync(context, response, cancellationToken).ConfigureAwait(false);
            return;
        }

        HopByHop.CopyTo(response, context.Response, withContentHeaders: false);
        context.Response.StatusCode = StatusCodes.Status200OK;
        using var remote = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var tunnel = await connect.AcceptAsync().ConfigureAwait(false);
        await Splice.RunAsync(tunnel, remote, cancellationToken).ConfigureAwait(false);
    }

    private static async Task PassOnAsync(HttpContext context, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        HopByHop.CopyTo(response, context.Response, withContentHeaders: true);
        await response.Content.CopyToAsync(context.Response.Body, cancellationToken).ConfigureAwait(false);
    }
}
