using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Planton.Server.Tests.Fixture;

namespace Planton.Server.Tests.Fuzzing;

/// <summary>
/// Every endpoint that the running server describes, with what is not meant for it in each parameter, each field and each
/// header: the response is one of ours, never a 500, and comes in time. Before that its valid request succeeds, on objects that
/// exist: else all that is tested would be how the server says that it found nothing.
/// </summary>
[Trait("Category", "Slow")]
public sealed class DescribedEndpointTests(OnSqlite shared, ITestOutputHelper output) : SharedServerTest(shared), IClassFixture<OnSqlite>
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
    private HttpClient _client = null!;
    private FuzzedObjects _objects = null!;
    private IReadOnlyList<DescribedOperation> _operations = [];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _client = Server.HttpClient(Server.AdminKey);
        _client.Timeout = NoHang;
        _operations = DescribedOperation.ReadAll(JsonNode.Parse(await _client.GetStringAsync("openapi/v1.json", Cancellation))!);
        Assert.InRange(_operations.Count, 60, 400);
        _objects = new FuzzedObjects(Admin, Org, UniqueName("usual"));
        await _objects.EnsureAsync();
    }

    // A third of them, which each run chooses anew; all with ./test.sh --full.
    [Fact]
    public Task AnythingInAParameter() => FuzzSeed.RunAsync(output, null, random => EachAsync(0.04, operation =>
        from parameter in operation.InPath.Concat(operation.InQuery)
        from piece in HostileText.Pieces
        where TestSize.IsFull || random.Next(3) == 0
        select _objects.Request(operation, parameter, HostileText.Escape(piece))));

    [Fact]
    public Task AnythingInAFieldOfTheBody() => EachAsync(0.02, operation => operation.Body is null
        ? []
        : from body in JsonDamage.OfEachPlace(operation.Body) select _objects.Request(operation, body: _objects.Named(body)));

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(null)]
    public Task ABodyDamagedAtRandom(int? seed) => FuzzSeed.RunAsync(output, seed, random => EachAsync(0.02, operation => operation.Body is null
        ? []
        : [.. Enumerable.Range(0, 60).Select(_ => _objects.Request(operation, body: JsonDamage.AtRandom(_objects.Body(operation), random)))]));

    [Fact]
    public Task ABodyWhereNoneIsTaken_AndOneOfTheWrongKind() => EachAsync(0.02, operation =>
        from type in ContentTypes
        select _objects.Request(operation, body: [0x1f, 0x8b, 0x08, 0x00, 0xff, (byte)'{'], content: type));

    [Fact]
    public Task HeadersThatMeanNothingHere() => EachAsync(0.75, operation =>
        from header in Headers
        select WithHeader(_objects.Request(operation), header));

    private static HttpRequestMessage WithHeader(HttpRequestMessage request, (string Name, string Value) header)
    {
        Assert.True(request.Headers.TryAddWithoutValidation(header.Name, header.Value), header.Name);
        return request;
    }

    // The valid request of each operation, then its hostile ones. Of these as many must succeed as the test says, too: where all
    // are refused at the door, nothing behind it is tested.
    private async Task EachAsync(double atLeastGood, Func<DescribedOperation, IEnumerable<HttpRequestMessage>> hostile)
    {
        var unfit = new List<string>();
        foreach (var operation in _operations)
        {
            using (var valid = _objects.Request(operation))
            using (var response = await _client.SendAsync(valid, Cancellation))
            {
                if (!response.IsSuccessStatusCode)
                    unfit.Add($"{operation}: {response.StatusCode} {await response.Content.ReadAsStringAsync(Cancellation)}");
            }

            if (operation.Method == "DELETE")
                await _objects.EnsureAsync();
            await SendAsync(hostile(operation));
            if (operation.Method == "DELETE")
                await _objects.EnsureAsync();
        }

        var (all, good) = (_answers.Values.Sum(), _answers.Where(answer => (int)answer.Key < 300).Sum(answer => answer.Value));
        output.WriteLine($"{_operations.Count} operations, {all} requests: {string.Join(", ", _answers.OrderBy(a => a.Key).Select(a => $"{a.Value} × {(int)a.Key}"))}");
        Assert.True(unfit.Count == 0, $"the valid request of {unfit.Count} operations did not succeed:\n{string.Join('\n', unfit)}");
        Assert.True(good >= all * atLeastGood, $"{good} of {all} hostile requests succeeded: the rest was refused at the door");
    }

    private Task SendAsync(IEnumerable<HttpRequestMessage> requests) => Parallel.ForEachAsync(
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
