using Microsoft.AspNetCore.Http.Features;
using Planton.Api.Errors;
using Planton.Server.ApiKeys;
using Planton.Server.Errors;
using Planton.Tunnel.Protocol;

namespace Planton.Server.Kubernetes;

/// <summary>
/// Whether a request can be passed on as it is. What a later hop cannot read would be no error of that request alone there: to HTTP/2 it
/// is an error of the connection, which carries everybody's operations.
/// </summary>
internal static class KubernetesRequest
{
    // Where OAuth (RFC 6750, section 2.3) and others would look for a key.
    private static readonly string[] KeyParameters = ["access_token", "token", "api_key"];

    /// <summary>Null when it can. Repeats nothing of the request.</summary>
    public static Error? Check(HttpContext context)
    {
        if (KubernetesPath.TargetOf(context) is null)
            return Invalid("the request's target is no path below a connection, or has characters that must be percent-encoded");
        if (!FieldText.IsValue(context.Features.Get<IHttpExtendedConnectFeature>()?.Protocol ?? ""))
            return Invalid("the request's :protocol has characters that no target is sent");
        foreach (var (name, values) in context.Request.Headers)
        {
            if (!FieldText.IsName(IsPseudo(context, name) ? name.AsSpan(1) : name))
                return Invalid("a header's name has characters that no target is sent");
            foreach (var value in values)
            {
                if (!FieldText.IsValue(value))
                    return Invalid($"the header {name} has characters that no target is sent: control characters, or others than ASCII");
            }
        }

        return HasKeyInQuery(context.Request)
            ? Invalid("an API key is in the query, where it would reach the target and logs on the way", "Send it as Authorization: Bearer, and revoke it if others saw it.")
            : null;
    }

    // Over HTTP/2 the listener has checked which of them there are; over HTTP/1.1 there are none.
    private static bool IsPseudo(HttpContext context, string name) => name.StartsWith(':') && HttpProtocol.IsHttp2(context.Request.Protocol);

    private static bool HasKeyInQuery(HttpRequest request) =>
        request.QueryString.Value?.Contains(ApiKeyText.Prefix, StringComparison.Ordinal) == true
        && KeyParameters.Any(name => request.Query[name].Any(value => value?.StartsWith(ApiKeyText.Prefix, StringComparison.Ordinal) == true));

    private static Error Invalid(string detail, string? hint = null) => new(ErrorCode.InvalidArgument, detail, hint);
}
