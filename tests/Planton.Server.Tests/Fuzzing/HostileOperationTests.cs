using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Planton.Server.Tests.Kubernetes;

namespace Planton.Server.Tests.Fuzzing;

/// <summary>
/// Odd requests through a live tunnel: what the server takes it passes on, what it does not take it refuses itself. No response
/// blames the runner for them, and the tunnel stays open.
/// </summary>
public sealed class HostileOperationTests(TunnelsOnSqlite shared, ITestOutputHelper output) : KubernetesProxyTest(shared), IClassFixture<TunnelsOnSqlite>
{
    private static readonly TimeSpan NoHang = TimeSpan.FromSeconds(15);

    private static readonly string[] Headers =
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

    private static readonly string[] RequestLines =
    [
        "FOO {0}x HTTP/1.1", "TRACE {0}x HTTP/1.1", "OPTIONS {0}x HTTP/1.1", "HEAD {0}x HTTP/1.1", "get {0}x HTTP/1.1", "CONNECT {0}x HTTP/1.1", "GET {0}x HTTP/1.0",
        "GET {0}%00 HTTP/1.1", "GET {0}%zz HTTP/1.1", "GET {0}%c3%28 HTTP/1.1", "GET {0}a%2fb%2e%2e HTTP/1.1", "GET {0}.. HTTP/1.1", "GET {0}../../../x HTTP/1.1",
        "GET {0}//x//?//&&==%%% HTTP/1.1", "GET {0}x?\u00e9 HTTP/1.1", "GET {0}\u00e9 HTTP/1.1", "GET {0}x#y HTTP/1.1", "GET {0}x\\y HTTP/1.1", "GET {0}x|y[]^`<>\" HTTP/1.1",
    ];

    // What follows the headers ends a body in chunks, and is no request where there is none.
    [Fact]
    public Task AHeader() => AreOursOrPassedOnAsync(20, Headers.Select(header => Request("GET {0}x HTTP/1.1", header, "0\r\n\r\n")));

    [Fact]
    public Task AHeader_OfARequestWithABody() =>
        AreOursOrPassedOnAsync(22, Headers.Select(header => Request("POST {0}x HTTP/1.1", "Content-Length: 5\r\n" + header, "hello")));

    [Fact]
    public Task ARequestLine() => AreOursOrPassedOnAsync(9, RequestLines.Select(line => Request(line, "X-Plain: a", "")));

    private string Request(string line, string headers, string body) =>
        $"{string.Format(CultureInfo.InvariantCulture, line, $"/kubernetes/{Org}/cluster/")}\r\nHost: x\r\nAuthorization: Bearer {Server.AdminKey}\r\n{headers}\r\n\r\n{body}";

    // So many must be passed on and succeed: where all are refused at the door, the tunnel is not tested.
    private async Task AreOursOrPassedOnAsync(int atLeastGood, IEnumerable<string> requests)
    {
        var (all, good) = (0, 0);
        var runner = await ConnectAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            await context.Response.WriteAsync("here", context.RequestAborted);
        });
        foreach (var request in requests)
        {
            var status = await SendAsync(Encoding.Latin1.GetBytes(request));
            var about = request.Replace(Server.AdminKey, "KEY", StringComparison.Ordinal);
            (all, good) = (all + 1, status == 200 ? good + 1 : good);
            Assert.True(status is >= 100 and < 500 or 501 or 505, $"{status} for {about}");
            using var next = await GetAsync("/next");
            Assert.True(await next.Content.ReadAsStringAsync(Cancelled) == "here", $"the next one is not answered after {about}");
            Assert.Single(Server.Get<Planton.Tunnel.Gateway.TunnelRegistry>().Of(runner.Credentials.Metadata!.RunnerId!));
        }

        output.WriteLine($"{good} of {all} passed on");
        Assert.True(good >= atLeastGood, $"{good} of {all} were passed on");
    }

    private async Task<int> SendAsync(byte[] request)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(Server.Http.Host, Server.Http.Port, Cancelled);
        await tcp.GetStream().WriteAsync(request, Cancelled);
        using var reader = new StreamReader(tcp.GetStream(), Encoding.Latin1);
        var line = await reader.ReadLineAsync(Cancelled).AsTask().WaitAsync(NoHang, Cancelled);
        Assert.False(string.IsNullOrEmpty(line), $"no answer to {Encoding.Latin1.GetString(request)}");
        return int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }
}
