using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Planton.Api.Errors;
using Planton.Api.Operations;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Kubernetes;

namespace Planton.Server.Tests.Hosting;

/// <summary>Over a limit a client gets a response, and keeps its connection with whatever else is on it.</summary>
public sealed class RequestHeadLimitTests(TunnelsOnSqlite shared) : KubernetesProxyTest(shared), IClassFixture<TunnelsOnSqlite>
{
    private const int KiB = 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("a path of 100 KiB", 200)]
    [InlineData("a header of 100 KiB", 200)]
    [InlineData("a path of 200 KiB", 414)]
    [InlineData("a header of 200 KiB", 431)]
    [InlineData("60 headers of 6 KiB", 431)]
    [InlineData("300 headers", 431)]
    public async Task OverHttp2_TheOtherStreamsOfTheConnectionGoOn(string what, int status)
    {
        var target = new StreamingTarget();
        await ConnectAsync(context => context.Request.Query.ContainsKey("watch") ? target.StreamAsync(context) : context.Response.WriteAsync("here"));
        using var client = Http2Client();
        using var watch = await target.OpenAsync(await client.GetAsync(Url(StreamingTarget.Path), HttpCompletionOption.ResponseHeadersRead, Cancelled));

        using var request = Request(what);
        using var response = await client.SendAsync(request, Cancelled);

        Assert.Equal(status, (int)response.StatusCode);
        if (status != 200)
        {
            Assert.Equal(status == 414 ? ErrorCode.UriTooLong : ErrorCode.HeadersTooLarge, response.Headers.GetValues(OperationHeaders.Error).Single());
            Assert.Contains("\"reason\":\"RequestEntityTooLarge\"", await response.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }

        for (var ticks = 0; ticks < 5; ticks++)
            Assert.Equal("tick\n", await StreamingTarget.ReadAsync(watch));
    }

    [Fact]
    public async Task OverHttp1_TheConnectionTakesTheNextRequest()
    {
        await ConnectAsync(context => context.Response.WriteAsync("here"));
        using var tcp = await Server.ConnectAsync();
        var key = $"Authorization: Bearer {Server.AdminKey}";
        (string Head, int Status, string Code)[] requests =
        [
            (RawHttp.Head($"GET /kubernetes/{Org}/cluster/{new string('x', 200 * KiB)}", key), 414, ErrorCode.UriTooLong),
            (RawHttp.Head($"GET /kubernetes/{Org}/cluster/x", key, $"X-Large: {new string('x', 200 * KiB)}"), 431, ErrorCode.HeadersTooLarge),
            (RawHttp.Head($"POST /kubernetes/{Org}/cluster/x", key, $"X-Large: {new string('x', 200 * KiB)}", "Content-Length: 5") + "hello", 431, ErrorCode.HeadersTooLarge),
            (RawHttp.Head($"GET /kubernetes/{Org}/cluster/x", $"X-Large: {new string('x', 200 * KiB)}"), 431, ErrorCode.HeadersTooLarge),
            (RawHttp.Head("GET /api/v1/me", key, $"X-Large: {new string('x', 200 * KiB)}"), 431, ""),
            (RawHttp.Head($"GET /kubernetes/{Org}/cluster/x", key, string.Join("\r\n", Enumerable.Range(0, 300).Select(number => $"X-{number}: x"))), 431, ErrorCode.HeadersTooLarge),
            (RawHttp.Head($"GET /kubernetes/{Org}/cluster/x", key), 200, ""),
        ];
        foreach (var (head, status, code) in requests)
        {
            await tcp.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), Cancelled);
            var response = await RawHttp.ReadAsync(tcp.GetStream(), Cancelled).WaitAsync(Limit, Cancelled);
            Assert.Equal(status, response.Status);
            Assert.Equal(code.Length == 0 ? [] : [code], RawHttp.Header(response.Text, OperationHeaders.Error));
        }
    }

    [Fact]
    public async Task AnApiClientIsToldAsAProblem()
    {
        using var client = Http2Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Server.TlsUrl, "api/v1/me"));
        request.Headers.TryAddWithoutValidation("X-Large", new string('x', 200 * KiB));

        using var response = await client.SendAsync(request, Cancelled);

        Assert.Equal(431, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains(ErrorCode.HeadersTooLarge, await response.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AClientHas250StreamsOnOneConnection()
    {
        const int Streams = 250;
        using var all = new SemaphoreSlim(0);
        await ConnectAsync(async context =>
        {
            await context.Response.Body.FlushAsync();
            all.Release();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });
        using var client = Http2Client();

        var watches = await Task.WhenAll(Enumerable.Range(0, Streams).Select(number =>
            client.GetAsync(Url($"/watch/{number}"), HttpCompletionOption.ResponseHeadersRead, Cancelled))).WaitAsync(Limit, Cancelled);

        Assert.All(watches, watch => Assert.Equal(HttpStatusCode.OK, watch.StatusCode));
        Assert.Equal(Streams, all.CurrentCount);
        foreach (var watch in watches)
            watch.Dispose();
    }

    private HttpRequestMessage Request(string what)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Url(what switch
        {
            "a path of 100 KiB" => "/" + new string('x', 100 * KiB),
            "a path of 200 KiB" => "/" + new string('x', 200 * KiB),
            _ => "/x",
        }));
        foreach (var (count, size) in what switch
        {
            "a header of 100 KiB" => new[] { (1, 100 * KiB) },
            "a header of 200 KiB" => [(1, 200 * KiB)],
            "60 headers of 6 KiB" => [(60, 6 * KiB)],
            "300 headers" => [(300, 1)],
            _ => [],
        })
        {
            for (var number = 0; number < count; number++)
                request.Headers.TryAddWithoutValidation($"X-Large-{number}", new string('x', size));
        }

        return request;
    }

    private Uri Url(string path) => new($"{Server.TlsUrl}kubernetes/{Org}/cluster{path}");

    private HttpClient Http2Client()
    {
        var handler = new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = Certificates.TrustOf(Server) } };
        var client = new HttpClient(handler) { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact, Timeout = Limit };
        client.DefaultRequestHeaders.Authorization = new("Bearer", Server.AdminKey);
        return client;
    }
}
