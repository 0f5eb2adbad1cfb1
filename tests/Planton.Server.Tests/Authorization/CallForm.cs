using System.Net;
using System.Net.Http.Headers;

namespace Planton.Server.Tests.Authorization;

/// <summary>One way to call an endpoint: a method, or an upgrade to another protocol.</summary>
internal sealed record CallForm(string Method, string? Upgrade = null)
{
    /// <summary>All that Kubernetes clients send, the rest of HTTP, and a method that HTTP does not define.</summary>
    public static readonly CallForm[] All =
    [
        new("GET"), new("HEAD"), new("POST"), new("PUT"), new("PATCH"), new("DELETE"), new("OPTIONS"), new("TRACE"), new("REPORT"),
        new("GET", "websocket"), new("POST", "SPDY/3.1"), new("CONNECT", "websocket"),
    ];

    /// <summary>Whether it is the extended CONNECT of RFC 8441, which needs HTTP/2.</summary>
    public bool IsExtendedConnect => Method == "CONNECT";

    public HttpRequestMessage ToRequest(string path)
    {
        var request = new HttpRequestMessage(new HttpMethod(Method), new Uri(path, UriKind.Relative));
        if (IsExtendedConnect)
        {
            (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
            request.Headers.Protocol = Upgrade;
        }
        else if (Upgrade is not null)
        {
            request.Headers.Connection.Add("Upgrade");
            request.Headers.Upgrade.Add(ProductHeaderValue.Parse(Upgrade));
        }

        return request;
    }

    public override string ToString() => Upgrade is null ? Method : $"{Method} with upgrade to {Upgrade}";
}
