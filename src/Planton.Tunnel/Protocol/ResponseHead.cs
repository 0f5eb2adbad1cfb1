using System.Net;
using System.Net.Http.Headers;

namespace Planton.Tunnel.Protocol;

/// <summary>Whether a response can be passed on through a tunnel and to a client without harm to anything else on the way.</summary>
public static class ResponseHead
{
    /// <summary>What is wrong with a response's status and fields, for people; null when nothing is. Repeats nothing of the fields.</summary>
    /// <param name="response">The response.</param>
    /// <param name="toUpgrade">Whether it answers an upgrade: then it may switch protocols.</param>
    public static string? Fault(HttpResponseMessage response, bool toUpgrade)
    {
        ArgumentNullException.ThrowIfNull(response);
        // An HTTP/2 client takes a response that ends with an informational status, or with none, for a broken connection.
        if (response.StatusCode < HttpStatusCode.OK && !(toUpgrade && response.StatusCode == HttpStatusCode.SwitchingProtocols))
            return $"its status is {(int)response.StatusCode}";
        return Fault(HeadLimits.MaxResponseBytes, "header", response.Headers.NonValidated, response.Content.Headers.NonValidated);
    }

    /// <summary>What is wrong with a response's trailers, for people; null when nothing is. Repeats nothing of them.</summary>
    public static string? TrailerFault(HttpResponseMessage response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return Fault(HeadLimits.MaxTrailerBytes, "trailer", response.TrailingHeaders.NonValidated);
    }

    private static string? Fault(int most, string kind, params ReadOnlySpan<HttpHeadersNonValidated> collections)
    {
        long bytes = 0;
        foreach (var fields in collections)
        {
            foreach (var (name, values) in fields)
            {
                foreach (var value in values)
                {
                    bytes += name.Length + value.Length;
                    if (!FieldText.IsValue(value))
                        return $"a {kind} has characters that cannot be passed on: control characters, or others than ASCII";
                }
            }
        }

        return bytes > most ? $"its {kind}s have {bytes} bytes, and {most} is the most" : null;
    }
}
