using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Planton.Server.Audit;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Hosting;

/// <summary>Whatever is sent, the answer is one of ours, is no 500, and is not logged as an error (which <see cref="ServerFixture"/> checks).</summary>
public sealed class HostileRequestTests : IAsyncLifetime
{
    private ServerFixture _server = null!;
    private HttpClient _client = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await ServerFixture.StartAsync();
        _client = _server.HttpClient(_server.AdminKey);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("GET", "api/v1/organizations/{0}")]
    [InlineData("DELETE", "api/v1/organizations/{0}")]
    [InlineData("GET", "api/v1/organizations/default/runners/{0}")]
    [InlineData("POST", "api/v1/organizations/default/runners/{0}/credentials")]
    [InlineData("POST", "api/v1/platform/runners/{0}/credentials")]
    [InlineData("GET", "api/v1/organizations/default/connections/{0}")]
    [InlineData("DELETE", "api/v1/organizations/{0}/connections/{0}")]
    [InlineData("POST", "api/v1/organizations/default/connections/{0}/test")]
    [InlineData("GET", "kubernetes/default/{0}/api")]
    [InlineData("GET", "kubernetes/{0}/{0}/{0}")]
    [InlineData("GET", "{0}")]
    [InlineData("GET", "api/v1/organizations/default/runners?includePlatform={0}")]
    public async Task ANameInAPath(string method, string pattern)
    {
        foreach (var name in HostileText.Pieces)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), string.Format(null, pattern, HostileText.Escape(name)));
            using var response = await _client.SendAsync(request, Cancellation);
            await HostileText.AssertOursAsync(response, $"{method} {request.RequestUri}");
        }
    }

    [Theory]
    [InlineData("api/v1/organizations", """{"name":"VALUE"}""")]
    [InlineData("api/v1/organizations/default/runners", """{"name":"VALUE"}""")]
    [InlineData("api/v1/platform/runners", """{"name":"VALUE"}""")]
    [InlineData("api/v1/organizations/default/connections", """{"name":"VALUE","kind":"kubernetes"}""")]
    [InlineData("api/v1/organizations/default/connections", """{"name":"x","kind":"VALUE"}""")]
    [InlineData("api/v1/organizations/default/connections", """{"name":"x","kind":"kubernetes","authMode":"VALUE","runner":"VALUE"}""")]
    [InlineData("api/v1/organizations/default/connections", """{"name":"VALUE","kind":"kubernetes","kubernetes":{"context":"VALUE"}}""")]
    public async Task AValueInAField_MakesNothingThatIsNoSlug(string path, string template)
    {
        foreach (var value in HostileText.Pieces)
        {
            using var response = await PostAsync(path, template.Replace("\"VALUE\"", HostileText.Json(value), StringComparison.Ordinal));
            await HostileText.AssertOursAsync(response, $"{path} {value}");
        }

        var names = await _server.QueryAsync(async context => (List<string>)
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
        foreach (var path in new[] { "api/v1/organizations", "api/v1/organizations/default/runners", "api/v1/platform/runners", "api/v1/organizations/default/connections" })
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
    public async Task AGoodBodyWithBytesChangedAtRandom(int seed)
    {
        var random = new Random(seed);
        var good = Encoding.UTF8.GetBytes("""{"name":"eks","kind":"kubernetes","authMode":"runner","runner":"prod","kubernetes":{"context":"main"}}""");
        for (var round = 0; round < 150; round++)
        {
            var body = good.ToArray();
            for (var change = random.Next(1, 6); change > 0; change--)
                body[random.Next(body.Length)] = (byte)random.Next(256);
            using var content = new ByteArrayContent(body[..random.Next(1, body.Length + 1)]);
            using var response = await _client.PostAsync("api/v1/organizations/default/connections", content, Cancellation);
            await HostileText.AssertOursAsync(response, Convert.ToHexString(body));
        }
    }

    [Fact]
    public async Task AuthorizationHeadersOfEveryForm()
    {
        string[] values =
        [
            "Bearer", "Bearer ", "bearer\tx", "Bearer  " + _server.AdminKey + "x", "Bearer pck_", "Bearer " + new string('a', 5_000), "Basic x", "Digest", "x",
            "Bearer pck_" + new string('0', 50), "Bearer " + _server.AdminKey.ToUpperInvariant(), "Bearer " + _server.AdminKey + ",Bearer x",
            "Bearer \u00e9", "Bearer " + _server.AdminKey[..30],
        ];
        using var client = _server.HttpClient();
        foreach (var value in values)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/me");
            Assert.True(request.Headers.TryAddWithoutValidation("Authorization", value), value);
            using var response = await SendAsync(client, request);
            // What is not even HTTP the listener refuses by itself.
            Assert.True(response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest, $"{value}: {response.StatusCode}");
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task RandomBytesOnTheSocket_EndThatConnectionAlone(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 40; round++)
        {
            using var tcp = await _server.ConnectAsync();
            var bytes = new byte[random.Next(1, 3_000)];
            random.NextBytes(bytes);
            // Some as a TLS handshake, some as the beginning of a request.
            if (round % 3 == 0)
                bytes[0] = 0x16;
            else if (round % 3 == 1)
                bytes = [.. "GET /api/v1/me HTTP/1.1\r\n"u8, .. bytes];
            await SendAndDrainAsync(tcp, bytes, halfClose: true);
        }

        using var response = await _client.GetAsync("api/v1/me", Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

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
        using var tcp = await _server.ConnectAsync();
        // Not half-closed: the server takes the end of the input for a client that went away, and then owes no answer.
        Assert.Matches("^(HTTP/1.1 (4|505))", await SendAndDrainAsync(tcp, Encoding.ASCII.GetBytes(request), halfClose: false));
    }

    [Fact]
    public async Task WhatWasSentAsANameIsInTheAuditTrailCut_AndWithoutAKeyThatWasPastedThere()
    {
        var key = _server.AdminKey;
        foreach (var path in new[] { $"api/v1/organizations/{key}", $"kubernetes/{key}/x/y", $"api/v1/organizations/{key[..40]}/runners", $"kubernetes/default/x/{key}", $"api/v1/organizations/{new string('n', 5_000)}" })
            (await _client.GetAsync(path, Cancellation)).Dispose();
        var records = await _server.QueryAsync(context => context.AuditRecords.Where(record => record.Outcome == AuditOutcome.Denied).ToListAsync(Cancellation));
        Assert.Equal(5, records.Count);
        foreach (var text in records.Select(record => JsonSerializer.Serialize(record)))
        {
            Assert.DoesNotContain(key[16..30], text, StringComparison.Ordinal);
            Assert.InRange(text.Length, 10, 8_000);
        }

        Assert.Contains(records, record => record.Resource.Contains(key[..16], StringComparison.Ordinal));
        Assert.DoesNotContain(key[16..30], _server.Log.Text, StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpRequestMessage request)
    {
        try
        {
            return await client.SendAsync(request, Cancellation);
        }
        catch (HttpRequestException)
        {
            // A header that the client itself does not send.
            return new HttpResponseMessage(HttpStatusCode.BadRequest);
        }
    }

    // The server may answer and reset at any moment, between our own calls too: whatever was read by then is the answer.
    private static async Task<string> SendAndDrainAsync(TcpClient tcp, byte[] bytes, bool halfClose)
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
            // An end as well.
        }

        return Encoding.ASCII.GetString(answer.ToArray());
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await _client.PostAsync(path, content, Cancellation);
    }
}
