using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Planton.Server.Audit;
using Planton.Server.Hosting;
using Planton.Server.Tests.Fixture;
using Planton.Server.Tests.Fuzzing;

namespace Planton.Server.Tests.Hosting;

/// <summary>Whatever is sent, the response is one of ours, is no 500, and is not logged as an error (which <see cref="SharedServerTest"/> checks).</summary>
public sealed class HostileRequestTests(OnSqlite shared, ITestOutputHelper output) : SharedServerTest(shared), IClassFixture<OnSqlite>
{
    private HttpClient _client = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _client = Server.HttpClient(Server.AdminKey);
    }

    [Theory]
    [InlineData("GET", "api/v1/organizations/{0}")]
    [InlineData("DELETE", "api/v1/organizations/{0}")]
    [InlineData("GET", "api/v1/organizations/{1}/runners/{0}")]
    [InlineData("POST", "api/v1/organizations/{1}/runners/{0}/credentials")]
    [InlineData("POST", "api/v1/platform/runners/{0}/credentials")]
    [InlineData("GET", "api/v1/organizations/{1}/connections/{0}")]
    [InlineData("DELETE", "api/v1/organizations/{0}/connections/{0}")]
    [InlineData("POST", "api/v1/organizations/{1}/connections/{0}/test")]
    [InlineData("GET", "kubernetes/{1}/{0}/api")]
    [InlineData("GET", "kubernetes/{0}/{0}/{0}")]
    [InlineData("GET", "{0}")]
    [InlineData("GET", "api/v1/organizations/{1}/runners?includePlatform={0}")]
    public async Task ANameInAPath(string method, string pattern)
    {
        foreach (var name in HostileText.Pieces)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), string.Format(null, pattern, HostileText.Escape(name), Org));
            using var response = await _client.SendAsync(request, Cancellation);
            await HostileText.AssertOursAsync(response, $"{method} {request.RequestUri}");
        }
    }

    [Theory]
    [InlineData("api/v1/organizations", """{"name":"VALUE"}""")]
    [InlineData("api/v1/organizations/ORG/runners", """{"name":"VALUE"}""")]
    [InlineData("api/v1/platform/runners", """{"name":"VALUE"}""")]
    [InlineData("api/v1/organizations/ORG/connections", """{"name":"VALUE","kind":"kubernetes"}""")]
    [InlineData("api/v1/organizations/ORG/connections", """{"name":"x","kind":"VALUE"}""")]
    [InlineData("api/v1/organizations/ORG/connections", """{"name":"x","kind":"kubernetes","authMode":"VALUE","runner":"VALUE"}""")]
    [InlineData("api/v1/organizations/ORG/connections", """{"name":"VALUE","kind":"kubernetes","kubernetes":{"context":"VALUE"}}""")]
    public async Task AValueInAField_MakesNothingThatIsNoSlug(string path, string template)
    {
        path = path.Replace("ORG", Org, StringComparison.Ordinal);
        foreach (var value in HostileText.Pieces)
        {
            using var response = await PostAsync(path, template.Replace("\"VALUE\"", HostileText.Json(value), StringComparison.Ordinal));
            await HostileText.AssertOursAsync(response, $"{path} {value}");
        }

        var names = await Server.QueryAsync(async context => (List<string>)
        [
            .. await context.Organizations.Select(o => o.Name).ToListAsync(Cancellation),
            .. await context.Runners.Select(r => r.Name).ToListAsync(Cancellation),
            .. await context.Connections.Select(c => c.Name).ToListAsync(Cancellation),
        ]);
        Assert.All(names, name => Assert.Matches("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("1e999")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("{\"name\":null}")]
    [InlineData("{\"name\":{\"name\":\"x\"}}")]
    [InlineData("{\"name\":[\"x\"]}")]
    [InlineData("{\"name\":true}")]
    [InlineData("{\"name\":12345678901234567890123}")]
    [InlineData("{\"name\":\"a\",\"name\":7}")]
    [InlineData("{\"name\":\"\\ud800\"}")]
    [InlineData("{\"name\":\"a\"} trailing")]
    [InlineData("{\"name\":\"a\",}")]
    [InlineData("// comment\n{\"name\":\"a\"}")]
    [InlineData("\uFEFF{}")]
    public async Task ABodyThatIsNotWhatIsExpectedIs400_AtEveryPlaceThatTakesOne(string body)
    {
        foreach (var path in new[] { "api/v1/organizations", $"api/v1/organizations/{Org}/runners", "api/v1/platform/runners", $"api/v1/organizations/{Org}/connections" })
        {
            using var response = await PostAsync(path, body);
            await HostileText.AssertOursAsync(response, $"{path} {body}");
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        }
    }

    [Fact]
    public async Task JsonNestedWithoutEndIs400()
    {
        using var response = await PostAsync("api/v1/organizations", string.Concat(Enumerable.Repeat("{\"name\":", 5_000)));
        await HostileText.AssertOursAsync(response, "nested");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(null)]
    public Task AGoodBodyWithBytesChangedAtRandom(int? seed) => FuzzSeed.RunAsync(output, seed, async random =>
    {
        var path = $"api/v1/organizations/{Org}/connections";
        await Admin.RegisterRunnerAsync(Org, "prod", Cancellation);
        const string Good = """{"name":"eks","kind":"kubernetes","authMode":"runner","runner":"prod","kubernetes":{"context":"main"}}""";
        using (var unchanged = await PostAsync(path, Good))
            Assert.Equal(HttpStatusCode.Created, unchanged.StatusCode);
        for (var round = 0; round < 150; round++)
        {
            var body = Encoding.UTF8.GetBytes(Good);
            for (var change = random.Next(1, 6); change > 0; change--)
                body[random.Next(body.Length)] = (byte)random.Next(256);
            using var content = new ByteArrayContent(body[..random.Next(1, body.Length + 1)]);
            using var response = await _client.PostAsync(path, content, Cancellation);
            await HostileText.AssertOursAsync(response, Convert.ToHexString(body));
        }
    });

    // Sent by a socket: each of these gets a response, those too that an HTTP client refuses to send.
    [Fact]
    public async Task AuthorizationHeadersOfEveryForm()
    {
        var key = Server.AdminKey;
        (string Value, int Status)[] headers =
        [
            ("Bearer", 401), ("Bearer ", 401), ("bearer\tx", 401), ($"Bearer  {key}x", 401), ("Bearer pck_", 401), ("Bearer " + new string('a', 5_000), 401),
            ("Basic x", 401), ("Digest", 401), ("x", 401), ("Bearer pck_" + new string('0', 50), 401), ("Bearer " + key.ToUpperInvariant(), 401),
            ($"Bearer {key},Bearer x", 401), ($"Bearer {key[..30]}", 401), ($"Bearer {key}", 200),
            // A byte that is not UTF-8 is refused by the listener itself.
            ("Bearer \u00e9", 400), ("Bearer \u0001", 401),
        ];
        foreach (var (value, status) in headers)
        {
            using var tcp = await Server.ConnectAsync();
            var answer = await ExchangeAsync(tcp, Encoding.Latin1.GetBytes($"GET /api/v1/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: {value}\r\n\r\n"));
            Assert.True(answer.StartsWith($"HTTP/1.1 {status} ", StringComparison.Ordinal), $"{value}: {answer.Split('\r')[0]} instead of {status}");
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(null)]
    public Task RandomBytesOnTheSocket_EndThatConnectionAlone(int? seed) => FuzzSeed.RunAsync(output, seed, async random =>
    {
        for (var round = 0; round < 40; round++)
        {
            using var tcp = await Server.ConnectAsync();
            var bytes = new byte[random.Next(1, 3_000)];
            random.NextBytes(bytes);
            // Some as a TLS handshake, some as the beginning of a request.
            if (round % 3 == 0)
                bytes[0] = 0x16;
            else if (round % 3 == 1)
                bytes = [.. "GET /api/v1/me HTTP/1.1\r\n"u8, .. bytes];
            var answer = await ExchangeAsync(tcp, bytes, halfClose: true);
            // Nothing, a TLS alert, or a refusal. After half of a message the server closes without a response.
            Assert.Matches("^(|\u0015.*|HTTP/1.1 (4|505).*)$", answer.Split('\r', '\n')[0]);
        }

        using var response = await _client.GetAsync("api/v1/me", Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    });

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n")]
    [InlineData("POST /api/v1/organizations HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("POST /api/v1/organizations HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n")]
    [InlineData("GET /api/v1/me HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("GET /api/v1/me HTTP/1.1\r\n\r\n")]
    [InlineData("GET /api/v1/me HTTP/9.9\r\nHost: x\r\n\r\n")]
    [InlineData("GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")]
    [InlineData("GET http://other/api/v1/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")]
    public async Task WhatIsNotProperHttpIsAnsweredWith4xx(string request)
    {
        using var tcp = await Server.ConnectAsync();
        // Not half-closed: the server takes the end of the input for a client that went away, and then owes no response.
        Assert.Matches("^(HTTP/1.1 (4|505))", await ExchangeAsync(tcp, Encoding.ASCII.GetBytes(request)));
    }

    [Fact]
    public async Task WhatWasSentAsANameIsInTheAuditTrailCut_AndWithoutAKeyThatWasPastedThere()
    {
        var key = Server.AdminKey;
        string[] paths =
        [
            $"api/v1/organizations/{key}", $"kubernetes/{key}/x/y", $"api/v1/organizations/{key[..40]}/runners", $"kubernetes/{Org}/x/{key}",
            $"api/v1/organizations/{new string('n', 5_000)}",
        ];
        var operations = new List<string>();
        foreach (var path in paths)
        {
            using var response = await _client.GetAsync(path, Cancellation);
            operations.AddRange(response.Headers.GetValues(OperationId.HeaderName));
        }

        var records = await Server.QueryAsync(context => context.AuditRecords
            .Where(record => record.Outcome == AuditOutcome.Denied && operations.Contains(record.OperationId)).ToListAsync(Cancellation));
        Assert.Equal(5, records.Count);
        foreach (var text in records.Select(record => JsonSerializer.Serialize(record)))
        {
            Assert.DoesNotContain(key[16..30], text, StringComparison.Ordinal);
            Assert.InRange(text.Length, 10, 8_000);
        }

        Assert.Contains(records, record => record.Resource.Contains(key[..16], StringComparison.Ordinal));
        Assert.DoesNotContain(key[16..30], Server.Log.Text, StringComparison.Ordinal);
    }

    // The server may answer and reset the connection before all is sent: what was read by then is the response. A test that
    // needs one must say so, because none at all is an empty string here.
    private static async Task<string> ExchangeAsync(TcpClient tcp, byte[] bytes, bool halfClose = false)
    {
        var answer = new MemoryStream();
        try
        {
            var stream = tcp.GetStream();
            await stream.WriteAsync(bytes, Cancellation);
            if (halfClose)
                tcp.Client.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(answer, Cancellation).WaitAsync(TimeSpan.FromSeconds(15), Cancellation);
        }
        catch (Exception reset) when (reset is IOException or SocketException)
        {
            // The end of the connection, as an orderly close would be.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await _client.PostAsync(path, content, Cancellation);
    }
}
