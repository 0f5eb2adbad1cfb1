using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Planton.Api.Connections;
using Planton.Api.Secrets;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Fuzzing;

/// <summary>
/// Every endpoint that the running server describes, with what is not meant for it in each parameter, each field and each
/// header: the answer is one of ours, never a 500, and comes in time.
/// </summary>
public sealed class DescribedEndpointTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Clients = 4;
    private static readonly TimeSpan NoHang = TimeSpan.FromSeconds(20);

    private static readonly (string Name, string Value)[] Headers =
    [
        ("Accept", "application/x-unheard-of"), ("Accept", ",,;q=x"), ("Accept-Encoding", "identity;q=0, *;q=0"), ("Accept-Language", "*;q=9"),
        ("Cookie", new string('c', 4_000)), ("Expect", "100-continue"), ("Forwarded", "for=\"\""), ("Host", "elsewhere.example"), ("If-Match", "\"x\""),
        ("If-Modified-Since", "yesterday"), ("Origin", "null"), ("Planton-Operation-Id", new string('9', 2_000)), ("Planton-Runner", "usual"),
        ("Range", "bytes=9-1,-,x"), ("traceparent", "00-zz-zz-99"), ("tracestate", new string(',', 500)), ("baggage", "=,=;=;"),
        ("X-Forwarded-For", "::1, 127.0.0.1"), ("X-HTTP-Method-Override", "DELETE"), ("X-Original-URL", "/api/v1/me"), ("Upgrade", "websocket"), ("Connection", "close, x"),
    ];

    private static readonly (string Type, string? Encoding)[] ContentTypes =
    [
        ("text/plain", null), ("application/json; charset=utf-16", null), ("application/json; charset=x", null), ("multipart/form-data; boundary=", null),
        ("application/x-www-form-urlencoded", null), ("application/json", "gzip"), ("application/json", "unheard-of"), ("application/xml", null), ("", null),
    ];

    private readonly ConcurrentDictionary<HttpStatusCode, int> _answers = new();
    private ServerFixture _server = null!;
    private HttpClient _client = null!;
    private IReadOnlyList<DescribedOperation> _operations = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await ServerFixture.StartAsync();
        _client = _server.HttpClient(_server.AdminKey);
        _client.Timeout = NoHang;
        _operations = DescribedOperation.ReadAll(JsonNode.Parse(await _client.GetStringAsync("openapi/v1.json", Cancellation))!);
        Assert.InRange(_operations.Count, 40, 400);
        // What the parameters name otherwise is there, so that a fault behind the look-up is met.
        await _server.Admin.GenerateCredentialsAsync("default", "usual", Cancellation);
        await _server.Admin.GenerateCredentialsAsync(null, "usual", Cancellation);
        await _server.Admin.CreateConnectionAsync("default", new CreateConnectionRequest { Name = "usual", Kind = "kubernetes" }, Cancellation);
        await _server.Admin.CreateEnvironmentAsync("default", "usual", Cancellation);
        await _server.Admin.PutSecretAsync("default", "usual", new PutSecretRequest { Value = "s" }, cancellationToken: Cancellation);
        await _server.Admin.PutVariableAsync("default", "usual", "v", cancellationToken: Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        output.WriteLine($"{_operations.Count} operations, {_answers.Values.Sum()} requests: {string.Join(", ", _answers.OrderBy(a => a.Key).Select(a => $"{a.Value} × {(int)a.Key}"))}");
        await _server.DisposeAsync();
    }

    [Fact]
    public Task AnythingInAParameter() => EachAsync(
        from operation in _operations
        from parameter in operation.InPath.Concat(operation.InQuery)
        from piece in HostileText.Pieces
        select Request(operation, name => name == parameter ? HostileText.Escape(piece) : null));

    [Fact]
    public Task AnythingInAFieldOfTheBody() => EachAsync(
        from operation in _operations
        where operation.Body is not null
        from body in JsonDamage.OfEachPlace(operation.Body!)
        select Request(operation, _ => null, Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public Task ABodyDamagedAtRandom(int seed)
    {
        var random = new Random(seed);
        // Made before they are sent, so that a seed is always the same requests.
        return EachAsync(
        [
            .. from operation in _operations
               where operation.Body is not null
               from _ in Enumerable.Range(0, 60)
               select Request(operation, _ => null, JsonDamage.AtRandom(operation.Body!, random)),
        ]);
    }

    [Fact]
    public Task ABodyWhereNoneIsTaken_AndOneOfTheWrongKind() => EachAsync(
        from operation in _operations
        from type in ContentTypes
        select Request(operation, _ => null, [0x1f, 0x8b, 0x08, 0x00, 0xff, (byte)'{'], type));

    [Fact]
    public Task HeadersThatMeanNothingHere() => EachAsync(
        from operation in _operations
        from header in Headers
        select WithHeader(Request(operation, _ => null, operation.Body is { } body ? Encoding.UTF8.GetBytes(body.ToJsonString()) : null), header));

    private static HttpRequestMessage Request(
        DescribedOperation operation, Func<string, string?> value, byte[]? body = null, (string Type, string? Encoding)? content = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(operation.Method), operation.Address(value));
        if (body is null && (operation.Body is null || operation.Method is "GET" or "DELETE"))
            return request;
        request.Content = new ByteArrayContent(body ?? Encoding.UTF8.GetBytes(operation.Body!.ToJsonString()));
        if (content is null)
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        else if (content.Value.Type.Length > 0)
            request.Content.Headers.TryAddWithoutValidation("Content-Type", content.Value.Type);
        if (content?.Encoding is { } encoding)
            request.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        return request;
    }

    private static HttpRequestMessage WithHeader(HttpRequestMessage request, (string Name, string Value) header)
    {
        Assert.True(request.Headers.TryAddWithoutValidation(header.Name, header.Value), header.Name);
        return request;
    }

    private Task EachAsync(IEnumerable<HttpRequestMessage> requests) => Parallel.ForEachAsync(
        requests, new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = Cancellation }, async (request, cancelled) =>
        {
            using (request)
            {
                var sent = request.Content is null ? "" : Convert.ToHexString(await request.Content.ReadAsByteArrayAsync(cancelled));
                using var response = await _client.SendAsync(request, cancelled);
                _answers.AddOrUpdate(response.StatusCode, 1, (_, before) => before + 1);
                await HostileText.AssertOursAsync(response, $"{request.Method} {request.RequestUri} {request.Headers.ToString().ReplaceLineEndings(" ")} {sent}");
            }
        });
}
