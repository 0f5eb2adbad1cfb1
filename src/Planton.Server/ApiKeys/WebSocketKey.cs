using System.Buffers.Text;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Planton.Api.Operations;
using Planton.Server.Errors;

namespace Planton.Server.ApiKeys;

/// <summary>A key in the subprotocols of a WebSocket: a browser can set no other header of one.</summary>
internal static class WebSocketKey
{
    private const string WebSocket = "websocket";

    /// <summary>The key, or why there is none although one is presented; both null when none is, or the request is for no WebSocket.</summary>
    public static (string? Key, Error? Error) Read(HttpContext context)
    {
        if (!IsWebSocket(context))
            return (null, null);
        var (keys, others) = WebSocketBearer.Split(context.Request.Headers.SecWebSocketProtocol);
        return (keys, others) switch
        {
            ([], _) => (null, null),
            // The server must choose one of the client's subprotocols, and the key is none to choose.
            (_, []) => (null, ApiKeyErrors.OnlySubprotocol),
            ([var key], _) => Decode(key) is { } text ? (text, null) : (null, ApiKeyErrors.Malformed),
            _ => (null, ApiKeyErrors.SeveralSubprotocols),
        };
    }

    private static bool IsWebSocket(HttpContext context) =>
        context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: { } protocol }
            ? protocol.Equals(WebSocket, StringComparison.OrdinalIgnoreCase)
            : context.Features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest == true
                && context.Request.Headers.Upgrade is [{ } upgrade] && upgrade.Equals(WebSocket, StringComparison.OrdinalIgnoreCase);

    private static string? Decode(string base64)
    {
        try
        {
            return Encoding.ASCII.GetString(Base64Url.DecodeFromChars(base64));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
