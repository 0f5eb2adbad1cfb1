using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Planton.Server.Tests.Kubernetes;

namespace Planton.Server.Tests.Fuzzing;

/// <summary>
/// Odd requests through a live tunnel: what the server takes it passes on, what it does not take it refuses itself. Never is the
/// runner blamed for them, and the tunnel lives on.
/// </summary>
public sealed class HostileOperationTests : KubernetesProxyTest
{
    private static readonly TimeSpan NoHang = TimeSpan.FromSeconds(15);

    public static TheoryData<string> Headers =>
    [
        "X-Odd: \u00e9", "X-Odd: \u00ff\u0080", "X-Odd:", "X-Odd: a\tb", "X-Odd: \u0001", "X-\u00e9: a", ": path", ":path: /x", "X Odd: a", "X-Odd : a", "X-Odd",
        $"X-Odd: {new string('a', 20_000)}", $"{new string('x', 3_000)}: a",
        "Accept: \u00e9", "Accept-Encoding: ,,;q=", "Content-Type: \u00e9", "Cookie: \u00e9=\u00e9", "User-Agent: \u00e9", "Referer: http://[::1",
        "Connection: close, x-odd\r\nX-Odd: a", "Connection: upgrade", "Connection: upgrade\r\nUpgrade: websocket", "Connection: upgrade\r\nUpgrade: \u00e9",
        "Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 99", "Connection: upgrade\r\nUpgrade: a, b",
        "Connection: upgrade, http2-settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk", "Connection: upgrade\r\nUpgrade: SPDY/3.1", "Keep-Alive: timeout=x",
        "Expect: 100-continue", "Expect: 200-ok", "TE: trailers, deflate", "Trailer: X-Odd", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: identity",
        "Content-Length: 0", "Content-Length: x", "Range: bytes=0-0,5-1", "If-Range: x", "Date: never", "Max-Forwards: x", "Via: 1.1 x, ,", "Warning: x",
        "Proxy-Authorization: x", "Planton-Operation-Id: \u00e9", "Planton-Organization: other", "Planton-Upgrade-Method: DELETE", "Authorization: Basic x",
        "traceparent: \u00e9", "Host: b", "Forwarded: for=\"", "X-Forwarded-For: ,,", "Sec-WebSocket-Extensions: \u00e9",
    ];

    public static TheoryData<string> RequestLines =>
    [
        "FOO {0}x HTTP/1.1", "TRACE {0}x HTTP/1.1", "OPTIONS {0}x HTTP/1.1", "HEAD {0}x HTTP/1.1", "get {0}x HTTP/1.1", "CONNECT {0}x HTTP/1.1", "GET {0}x HTTP/1.0",
        "GET {0}%00 HTTP/1.1", "GET {0}%zz HTTP/1.1", "GET {0}%c3%28 HTTP/1.1", "GET {0}a%2fb%2e%2e HTTP/1.1", "GET {0}.. HTTP/1.1", "GET {0}../../../x HTTP/1.1",
        "GET {0}//x//?//&&==%%% HTTP/1.1", "GET {0}x?\u00e9 HTTP/1.1", "GET {0}\u00e9 HTTP/1.1", "GET {0}x#y HTTP/1.1", "GET {0}x\\y HTTP/1.1", "GET {0}x|y[]^`<>\" HTTP/1.1",
    ];

    [Theory]
    [MemberData(nameof(Headers))]
    public Task AHeader(string header) => IsOursOrPassedOnAsync("GET {0}x HTTP/1.1", header, "");

    [Theory]
    [MemberData(nameof(Headers))]
    public Task AHeader_OfARequestWithABody(string header) => IsOursOrPassedOnAsync("POST {0}x HTTP/1.1", "Content-Length: 5\r\n" + header, "hello");

    [Theory]
    [MemberData(nameof(RequestLines))]
    public Task ARequestLine(string line) => IsOursOrPassedOnAsync(line, "X-Plain: a", "");

    private async Task IsOursOrPassedOnAsync(string line, string headers, string body)
    {
        await ConnectAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            await context.Response.WriteAsync("here", context.RequestAborted);
        });
        var request = $"{string.Format(CultureInfo.InvariantCulture, line, "/kubernetes/default/cluster/")}\r\nHost: x\r\nAuthorization: Bearer {Server.AdminKey}\r\n{headers}\r\n\r\n{body}";

        var status = await SendAsync(Encoding.Latin1.GetBytes(request));

        Assert.True(status is >= 100 and < 500 or 501 or 505, $"{status}");
        using var next = await GetAsync("/next");
        Assert.Equal("here", await next.Content.ReadAsStringAsync(Cancelled));
        Assert.Single(Server.Get<Planton.Tunnel.Gateway.TunnelRegistry>().All);
    }

    private async Task<int> SendAsync(byte[] request)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(Server.Http.Host, Server.Http.Port, Cancelled);
        await tcp.GetStream().WriteAsync(request, Cancelled);
        using var reader = new StreamReader(tcp.GetStream(), Encoding.Latin1);
        var line = await reader.ReadLineAsync(Cancelled).AsTask().WaitAsync(NoHang, Cancelled);
        Assert.NotNull(line);
        return int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }
}
